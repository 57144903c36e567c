// Areas under the ROC curves of two models on the same examples.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "reports/paired_examples.h"

namespace msdbench {

// What an area is the mean of, one number an example: for a positive one, the
// share of negatives scored below it, for a negative one, that of positives
// above it, ties half (DeLong, DeLong and Clarke-Pearson 1988).
struct Placements {
  std::vector<double> positives, negatives;
};

// From mid-ranks in O(n log n), after Sun and Xu 2014, "Fast implementation of
// DeLong's algorithm for comparing the areas under correlated receiver
// operating characteristic curves". positive: 1 or 0.
Placements PlacementsOf(const std::vector<double>& scores,
                        const std::vector<char>& positive);

struct RocArea {
  std::optional<double> area;            // none with one class only
  std::optional<double> standard_error;  // none with one example of a class
};
RocArea AreaOf(const Placements& placements);

// DeLong's test of two models on the same examples; z is held to be normal. No
// p with fewer than two examples of a class, nor where the difference has no
// variance and is not 0.
ExampleTest TestAreas(const Placements& first, const Placements& second);

}  // namespace msdbench
