// Accuracies of two models on the same examples.
#pragma once

#include <cstdint>
#include <vector>

#include "reports/paired_examples.h"

namespace msdbench {

// Two-sided exact p of `first` examples that only the first model got right
// against `second` that only the second did (McNemar 1947): twice the smaller
// tail of the binomial distribution with 1/2, at most 1.
double McNemarP(std::uint64_t first, std::uint64_t second);

// Of two lists as long as each other, 1 where a model is right. The interval is
// that of Agresti and Min (2005): half an example is added to each of the four
// counts, so that it has a width where the models never disagree.
ExampleTest TestAccuracies(const std::vector<double>& first,
                           const std::vector<double>& second);

}  // namespace msdbench
