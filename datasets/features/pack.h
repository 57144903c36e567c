// From other programs' features to our store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "datasets/features/feature_source.h"
#include "datasets/features/packed_features.h"

namespace msdbench {

struct PackOptions {
  std::optional<FeaturePrecision> precision;  // none = fp32
  // An image's first so many tokens are kept; 0 = as many as the source has
  // room for, which must then be as many for every image.
  std::int64_t tokens = 0;
  int threads = 1;
  std::function<void(std::size_t)> progress = nullptr;  // images done
};

// Writes the entries `names` (in any order) of a source to a store. Returns how
// many images had more tokens than are kept. Throws DataError naming the first
// of the images that the source lacks, and how many they are; then no file is
// left.
std::int64_t PackFeatures(const FeatureSource& source,
                          std::vector<std::string> names,
                          const std::filesystem::path& file,
                          const PackOptions& options);

}  // namespace msdbench
