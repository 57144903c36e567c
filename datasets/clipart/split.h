// Which pictures are for training, for selection and for testing.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "datasets/clipart/catalogue.h"

namespace msdbench {

struct ClipartSplit {
  const char* name;                // "train", "dev", "test"
  std::vector<std::size_t> items;  // indices into the catalogue, ascending
};

// Whole groups, drawn by seed: about 70, 10 and 20 % of the pictures.
std::array<ClipartSplit, 3> SplitClipart(const ClipartCatalogue& catalogue,
                                         std::uint64_t seed);

}  // namespace msdbench
