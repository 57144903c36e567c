#include "reports/significance.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace msdbench {
namespace {

boost::math::students_t Distribution(std::size_t n) {
  return boost::math::students_t(static_cast<double>(n - 1));
}

}  // namespace

PairedTest TestPaired(const Summary& difference) {
  PairedTest test;
  test.difference = difference;
  if (difference.n < 2) {
    test.reason = "a test takes two or more seeds";
    return test;
  }
  const double mean = std::abs(*difference.mean), sd = *difference.sd;
  if (sd > kRounding) {
    test.t =
        *difference.mean / (sd / std::sqrt(static_cast<double>(difference.n)));
    test.p = 2 * boost::math::cdf(boost::math::complement(
                     Distribution(difference.n), std::abs(*test.t)));
  } else if (mean <= kRounding) {
    test.p = 1;
  } else {
    test.reason = "the same difference on every seed: no t-test, no claim";
  }
  return test;
}

std::vector<double> HolmAdjusted(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double least = 0;  // step-down: no p below those of the steps before
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto left = static_cast<double>(order.size() - i);
    least = std::max(least, std::min(1.0, left * p[order[i]]));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

double FirstClaimThreshold(std::size_t n, std::size_t tests) {
  const double tail = kSignificanceLevel / (2 * static_cast<double>(tests));
  return boost::math::quantile(boost::math::complement(Distribution(n), tail)) /
         std::sqrt(static_cast<double>(n));
}

}  // namespace msdbench
