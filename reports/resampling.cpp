#include "reports/resampling.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
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

Interval PercentileInterval(const std::vector<double>& estimates, double tail) {
  return {Percentile(estimates, tail), Percentile(estimates, 1 - tail)};
}

double ExpandedTail(std::size_t values, std::size_t groups) {
  const auto freedom = static_cast<double>(values - groups);
  const double t = boost::math::quantile(
      boost::math::complement(boost::math::students_t(freedom), kTail));
  // n / (n - 1) of values / groups a group.
  const double stretch = std::sqrt(static_cast<double>(values) / freedom);
  return boost::math::cdf(boost::math::normal(), -stretch * t);
}

}  // namespace msdbench
