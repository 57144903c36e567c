// A split's pixels: decoded once, kept in the cache, mapped from then on.
#pragma once

#include <filesystem>

#include "benchmarks/work_report.h"
#include "datasets/encoded.h"

namespace msdbench {

// Fills split.pixels from CACHE/pixels/<key>.safetensors, decoded on `threads`
// threads and written there first when missing or damaged; few images are in
// memory at a time. Without a cache they stay in memory. Throws DataError as
// DecodeImages does.
void PutPixels(EncodedSplit& split, const std::filesystem::path& cache,
               int threads, const WorkReport& report = {});

}  // namespace msdbench
