// How small a difference so many seeds could have shown.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/difference_family.h"
#include "reports/run_matrix.h"

namespace msdbench {

// The chance with which a detectable difference is found.
constexpr double kPower = 0.8;

// Chance that a two-sided t-test at `level` over n >= 2 pairs finds a true mean
// difference of `effect` standard deviations of the differences: the
// non-central t distribution with n - 1 degrees of freedom and non-centrality
// effect * sqrt(n) (Cohen 1988, section 2.5).
double PairedPower(std::size_t n, double effect, double level);

// The effect, in standard deviations of the differences, that n >= 2 pairs find
// with kPower at the level of Holm's first step over `tests` differences;
// infinity where that is 10,000 standard errors or more.
double DetectableEffect(std::size_t n, std::size_t tests);

// Of one column of the table of differences.
struct DetectableDifference {
  std::size_t dataset = 0;  // place in matrix.datasets()
  std::string metric;
  std::size_t pairs = 0;  // most seeds that a method shares with the reference
  // Standard deviation of the differences, pooled over the methods (weighted by
  // their degrees of freedom). None with fewer than two pairs.
  std::optional<double> sd;
  // In the unit of the metric; none without a spread.
  std::optional<double> difference;
};

// By data set and metric, as far as the family has any difference of them.
std::vector<DetectableDifference> DetectableDifferences(
    const RunMatrix& matrix, const DifferenceFamily& family);

}  // namespace msdbench
