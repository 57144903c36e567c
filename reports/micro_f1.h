// Micro F1 of two models on the same examples.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "reports/paired_examples.h"
#include "reports/random.h"

namespace msdbench {

// Of one example: labels predicted and true, predicted, and true.
struct LabelCounts {
  std::uint32_t hit = 0, predicted = 0, actual = 0;
};

// 2 * hits / (predicted + actual) over all examples; 0 where there are none.
double MicroF1(const std::vector<LabelCounts>& examples);

// By the delta method: the spread of each example's influence on the ratio.
// None for fewer than two examples or where nothing is predicted or actual.
std::optional<double> MicroF1StandardError(
    const std::vector<LabelCounts>& examples);

// Bootstrap over examples, the same draw for both models (Efron and Tibshirani
// 1993, chapters 13 and 16), kRepetitions times: percentile interval, and p as
// twice the smaller share of samples whose difference is not beyond 0, the one
// seen added. The two agree: p is about 0.05 where the interval touches 0.
ExampleTest TestMicroF1(const std::vector<LabelCounts>& first,
                        const std::vector<LabelCounts>& second, Random random);

}  // namespace msdbench
