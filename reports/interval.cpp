#include "reports/interval.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "reports/significance.h"

namespace msdbench {

std::optional<Interval> MeanInterval(const Summary& summary) {
  if (summary.n < 2 || *summary.sd <= kRounding) return std::nullopt;
  const auto n = static_cast<double>(summary.n);
  const double t = boost::math::quantile(
      boost::math::complement(boost::math::students_t(n - 1), kTail));
  const double reach = t * *summary.sd / std::sqrt(n);
  if (!std::isfinite(*summary.mean + reach)) return std::nullopt;
  return Interval{*summary.mean - reach, *summary.mean + reach};
}

Interval NormalInterval(double estimate, double standard_error) {
  static const double z = boost::math::quantile(
      boost::math::complement(boost::math::normal(), kTail));
  return {estimate - z * standard_error, estimate + z * standard_error};
}

}  // namespace msdbench
