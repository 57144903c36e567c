// Visual tokens of a split from a frozen backbone: computed once an image,
// stored under a key, mapped from then on.
#pragma once

#include <filesystem>
#include <string>

#include "baselines/models/grid_backbone.h"
#include "datasets/encoded.h"

namespace msdbench {

// Fills split.features, [images, tokens, width], from
// CACHE/features/<key>.safetensors, computed and written there first when
// missing. `key` must tell images, backbone and grid. Throws DataError.
void PutFeatures(EncodedSplit& split, const GridBackbone& backbone,
                 std::int64_t grid, const std::string& key,
                 const std::filesystem::path& cache, int threads);

}  // namespace msdbench
