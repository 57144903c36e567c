#include "reports/two_sample.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace msdbench {
namespace {

double SquaresOf(const Summary& summary) {
  return summary.sd
             ? *summary.sd * *summary.sd * static_cast<double>(summary.n - 1)
             : 0;
}

}  // namespace

std::optional<double> FallTest(const Summary& before, const Summary& after,
                               double least_sd) {
  if (before.n < 1 || after.n < 1 || before.n + after.n < 3) {
    return std::nullopt;
  }
  const auto b = static_cast<double>(before.n),
             a = static_cast<double>(after.n);
  const double freedom = b + a - 2;
  const double sd = std::max(
      least_sd, std::sqrt((SquaresOf(before) + SquaresOf(after)) / freedom));
  const double rise = *after.mean - *before.mean;
  if (!(sd > 0)) return rise < 0 ? 0.0 : rise > 0 ? 1.0 : 0.5;
  return boost::math::cdf(boost::math::students_t(freedom),
                          rise / (sd * std::sqrt(1 / a + 1 / b)));
}

}  // namespace msdbench
