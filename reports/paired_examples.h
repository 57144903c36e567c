// Two trained models on the same test examples.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/interval.h"

namespace msdbench {

// Says whether two *models* differ by more than the choice of test examples
// explains. It knows nothing of what other seeds would have given, and so says
// nothing about methods.
struct ExampleTest {
  std::size_t examples = 0;
  std::optional<double> difference;  // of the metric: first minus second
  std::optional<Interval> interval;  // 95 %, of the difference
  std::optional<double> p;           // two-sided
  std::string reason;                // why there is no p; else empty
};

// sd / sqrt(n), of a mean over examples; none for n < 2.
std::optional<double> MeanStandardError(const std::vector<double>& values);

}  // namespace msdbench
