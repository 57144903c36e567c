#include "reports/paired_examples.h"

#include <cmath>

namespace msdbench {

std::optional<double> MeanStandardError(const std::vector<double>& values) {
  const Summary summary = Summarize(values);
  if (!summary.sd) return std::nullopt;
  return *summary.sd / std::sqrt(static_cast<double>(summary.n));
}

}  // namespace msdbench
