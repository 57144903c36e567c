// Whether a difference between two methods may be chance.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/statistics.h"

namespace msdbench {

// A difference whose adjusted p is at most this is claimed.
constexpr double kSignificanceLevel = 0.05;

// Below this a difference of fractions is rounding: in double precision
// 0.72 - 0.70 and 0.73 - 0.71 are not the same number.
constexpr double kRounding = 1e-12;

struct PairedTest {
  Summary difference;       // n, mean, sd; in the unit of the values
  std::optional<double> t;  // mean / (sd / sqrt(n)); none without a spread
  std::optional<double> p;  // two-sided; none where the test has no answer
  std::string reason;       // why there is no p; else empty
};

// Two-sided t-test of mean 0 with n - 1 degrees of freedom (Student 1908, "The
// probable error of a mean"), of differences paired by seed between values of
// order 1, such as fractions. Equal values on every seed: p = 1. No p for n <
// 2, nor for the same non-zero difference on every seed: its t would be
// infinite, but coarse metrics repeat a difference by chance easily.
PairedTest TestPaired(const Summary& difference);

// Adjusted p-values in the order given (Holm 1979, "A simple sequentially
// rejective multiple test procedure"). Claiming those at most alpha makes any
// false claim in the family with probability alpha or less, however the tests
// depend on each other.
std::vector<double> HolmAdjusted(const std::vector<double>& p);

// |mean| / sd from which the clearest of `tests` differences, over n >= 2
// pairs, passes Holm's first step at kSignificanceLevel. No other passes below
// it unless that one does.
double FirstClaimThreshold(std::size_t n, std::size_t tests);

}  // namespace msdbench
