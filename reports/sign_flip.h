// Mean credits of two models on the same examples.
#pragma once

#include <vector>

#include "reports/paired_examples.h"
#include "reports/random.h"

namespace msdbench {

// Permutation test of the mean difference (Fisher 1935, section 21): were the
// models alike, each example's difference could as well have had the other
// sign. p is the share of sign patterns whose sum is as far from 0 as the one
// seen, or farther: of all patterns up to 20 examples that differ, else of
// kRepetitions drawn ones with the pattern seen added to them (Phipson and
// Smyth 2010), so that it is never 0. Credits are taken to be equal within
// 1e-6. The interval is Student's, of the mean over the examples.
ExampleTest TestCredits(const std::vector<double>& first,
                        const std::vector<double>& second, Random random);

}  // namespace msdbench
