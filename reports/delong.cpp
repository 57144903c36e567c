#include "reports/delong.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "reports/significance.h"

namespace msdbench {
namespace {

// Rank of each score among all of them, 1 the lowest, ties at their mean.
std::vector<double> MidRanks(const std::vector<double>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return scores[a] < scores[b];
  });
  std::vector<double> ranks(scores.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() && scores[order[last]] == scores[order[first]]) {
      ++last;
    }
    for (std::size_t i = first; i < last; ++i) {
      ranks[order[i]] = (static_cast<double>(first + last) + 1) / 2;
    }
    first = last;
  }
  return ranks;
}

// Variance of the mean of `values`, two or more.
double MeanVariance(const std::vector<double>& values) {
  const double error = *MeanStandardError(values);
  return error * error;
}

std::vector<double> Minus(const std::vector<double>& a,
                          const std::vector<double>& b) {
  std::vector<double> difference;
  for (std::size_t i = 0; i < a.size(); ++i) difference.push_back(a[i] - b[i]);
  return difference;
}

}  // namespace

Placements PlacementsOf(const std::vector<double>& scores,
                        const std::vector<char>& positive) {
  std::vector<double> of_positives, of_negatives;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    (positive[i] ? of_positives : of_negatives).push_back(scores[i]);
  }
  const std::vector<double> all = MidRanks(scores);
  const std::vector<double> among_positives = MidRanks(of_positives);
  const std::vector<double> among_negatives = MidRanks(of_negatives);
  const auto positives = static_cast<double>(of_positives.size());
  const auto negatives = static_cast<double>(of_negatives.size());
  Placements placements;
  if (of_positives.empty() || of_negatives.empty()) return placements;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (positive[i]) {
      const double own = among_positives[placements.positives.size()];
      placements.positives.push_back((all[i] - own) / negatives);
    } else {
      const double own = among_negatives[placements.negatives.size()];
      placements.negatives.push_back(1 - (all[i] - own) / positives);
    }
  }
  return placements;
}

RocArea AreaOf(const Placements& placements) {
  RocArea area;
  area.area = Summarize(placements.positives).mean;
  if (placements.positives.size() > 1 && placements.negatives.size() > 1) {
    area.standard_error = std::sqrt(MeanVariance(placements.positives) +
                                    MeanVariance(placements.negatives));
  }
  return area;
}

ExampleTest TestAreas(const Placements& first, const Placements& second) {
  ExampleTest test;
  test.examples = first.positives.size() + first.negatives.size();
  if (first.positives.size() < 2 || first.negatives.size() < 2) {
    test.reason = "the test takes two or more examples of either class";
    return test;
  }
  const Placements difference = {Minus(first.positives, second.positives),
                                 Minus(first.negatives, second.negatives)};
  const RocArea of_difference = AreaOf(difference);
  const double mean = *of_difference.area;
  test.difference = mean;
  const double error = *of_difference.standard_error;
  if (error > kRounding) {
    test.p = 2 * boost::math::cdf(boost::math::complement(
                     boost::math::normal(), std::abs(mean) / error));
    test.interval = NormalInterval(mean, error);
  } else if (std::abs(mean) <= kRounding) {
    test.p = 1;
  } else {
    test.reason = "the same difference on every example: no test";
  }
  return test;
}

}  // namespace msdbench
