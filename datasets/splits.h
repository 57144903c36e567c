// Cutting splits: dev from train, a meta split from train, a limited subset.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "datasets/dataset.h"

namespace msdbench {

// Moves about `fraction` of the examples into the second vector, whole images
// at a time (all examples of an image go together, so that nothing leaks), as
// drawn by `seed`. Order within each part is kept. Throws UsageError unless
// 0 < fraction < 1 and both parts get an example.
std::pair<std::vector<Example>, std::vector<Example>> CutByImage(
    std::vector<Example> examples, double fraction, std::uint64_t seed);

// Keeps at most `limit` examples, whole images at a time as drawn by `seed`
// (the last image may be cut short); 0 keeps all. Order is kept.
std::vector<Example> LimitByImage(std::vector<Example> examples,
                                  std::int64_t limit, std::uint64_t seed);

}  // namespace msdbench
