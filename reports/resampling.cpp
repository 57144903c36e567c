#include "reports/resampling.h"

#include <algorithm>
#include <cmath>

namespace msdbench {

double Percentile(std::vector<double> values, double share) {
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  if (at + 1 == values.end()) return low;
  const double high = *std::min_element(at + 1, values.end());
  return low + (place - static_cast<double>(below)) * (high - low);
}

Interval PercentileInterval(const std::vector<double>& estimates) {
  return {Percentile(estimates, kTail), Percentile(estimates, 1 - kTail)};
}

}  // namespace msdbench
