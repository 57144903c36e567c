#include "reports/statistics.h"

#include <cmath>

namespace msdbench {

Summary Summarize(const std::vector<double>& values) {
  Summary summary;
  double mean = 0, squares = 0;
  for (double value : values) {
    ++summary.n;
    const double from_old = value - mean;
    mean += from_old / static_cast<double>(summary.n);
    squares += from_old * (value - mean);
  }
  if (summary.n > 0) summary.mean = mean;
  if (summary.n > 1) {
    summary.sd = std::sqrt(squares / static_cast<double>(summary.n - 1));
  }
  return summary;
}

Summary SummarizeSeeds(const BySeed& values) {
  std::vector<double> list;
  for (const auto& item : values) list.push_back(item.second);
  return Summarize(list);
}

Summary PairedDifference(const BySeed& a, const BySeed& b) {
  std::vector<double> differences;
  for (const auto& [seed, value] : a) {
    const auto other = b.find(seed);
    if (other != b.end()) differences.push_back(value - other->second);
  }
  return Summarize(differences);
}

}  // namespace msdbench
