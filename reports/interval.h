// Intervals about estimates.
#pragma once

#include <optional>

#include "reports/statistics.h"

namespace msdbench {

struct Interval {
  double low = 0, high = 0;
};

// Every interval of a report covers 95 %, and leaves this out on either side.
constexpr double kTail = 0.025;

// Student's t-interval of the mean over seeds: mean ± t * sd / sqrt(n), n - 1
// degrees of freedom. None for n < 2, nor where all values are the same: coarse
// metrics repeat a value by chance, and an interval of no width would hide it.
std::optional<Interval> MeanInterval(const Summary& summary);

// estimate ± z * standard error, of a nearly normal estimate.
Interval NormalInterval(double estimate, double standard_error);

}  // namespace msdbench
