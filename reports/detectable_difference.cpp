#include "reports/detectable_difference.h"

#include <algorithm>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

#include "reports/significance.h"

namespace msdbench {
namespace {

double PowerBeyond(double critical, double freedom, double shift) {
  const boost::math::non_central_t shifted(freedom, shift);
  return boost::math::cdf(boost::math::complement(shifted, critical)) +
         boost::math::cdf(shifted, -critical);
}

double Critical(std::size_t n, double level) {
  return boost::math::quantile(boost::math::complement(
      boost::math::students_t(static_cast<double>(n - 1)), level / 2));
}

}  // namespace

double PairedPower(std::size_t n, double effect, double level) {
  const auto pairs = static_cast<double>(n);
  return PowerBeyond(Critical(n, level), pairs - 1,
                     std::abs(effect) * std::sqrt(pairs));
}

double DetectableEffect(std::size_t n, std::size_t tests) {
  const auto pairs = static_cast<double>(n);
  const double critical =
      Critical(n, kSignificanceLevel / static_cast<double>(tests));
  const auto missing = [&](double shift) {
    return PowerBeyond(critical, pairs - 1, shift) - kPower;
  };
  // Boost's non-central t fails beyond some 60,000; so far out no difference of
  // fractions reaches.
  constexpr double kFar = 1e4;
  double high = critical + 1;
  while (high <= kFar && missing(high) < 0) high *= 2;
  if (high > kFar) return std::numeric_limits<double>::infinity();
  std::uintmax_t steps = 200;
  const auto root = boost::math::tools::toms748_solve(
      missing, 0.0, high, boost::math::tools::eps_tolerance<double>(50), steps);
  return (root.first + root.second) / 2 / std::sqrt(pairs);
}

std::vector<DetectableDifference> DetectableDifferences(
    const RunMatrix& matrix, const DifferenceFamily& family) {
  std::vector<DetectableDifference> all;
  std::map<std::size_t, double> effects;  // by pairs: the search takes a while
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    for (const RecordMetric& metric : matrix.datasets()[d].metrics) {
      DetectableDifference column;
      column.dataset = d;
      column.metric = metric.name;
      double squares = 0, freedom = 0;
      for (std::size_t m = 0; m < matrix.methods().size(); ++m) {
        const TestedDifference* tested = family.Find(d, m, metric.name);
        if (tested == nullptr) continue;
        const Summary& difference = tested->test.difference;
        column.pairs = std::max(column.pairs, difference.n);
        if (!difference.sd) continue;
        const auto own = static_cast<double>(difference.n - 1);
        squares += own * *difference.sd * *difference.sd;
        freedom += own;
      }
      if (column.pairs == 0) continue;
      if (freedom > 0) column.sd = std::sqrt(squares / freedom);
      if (column.sd && *column.sd > kRounding) {
        auto effect = effects.find(column.pairs);
        if (effect == effects.end()) {
          effect = effects
                       .emplace(column.pairs,
                                DetectableEffect(column.pairs, family.size()))
                       .first;
        }
        column.difference = *column.sd * effect->second;
      }
      all.push_back(std::move(column));
    }
  }
  return all;
}

}  // namespace msdbench
