// Visual tokens of a data set from a network that is not trained here: packed
// once (see packed_features.h), mapped from then on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "baselines/models/grid_backbone.h"
#include "datasets/encoded.h"
#include "datasets/features/pack.h"

namespace msdbench {

// Tokens of images from a frozen backbone, into a new store. Only a few images
// are in memory at a time. names: a unique one an image. Throws DataError
// naming the first unreadable image, and how many there are.
void PackBackboneFeatures(const GridBackbone& backbone, std::int64_t grid,
                          const std::vector<std::filesystem::path>& images,
                          const std::vector<std::string>& names,
                          const std::filesystem::path& file,
                          const PackOptions& options);

// The name that a store of features knows an image by: its file's, without
// folder and ending.
std::string FeatureName(const std::filesystem::path& image);

// Fills the splits' features from a backbone by way of CACHE/features/. `hash`
// tells the backbone. Throws DataError.
void PutBackboneFeatures(const std::vector<EncodedSplit*>& splits,
                         const GridBackbone& backbone, std::int64_t grid,
                         const std::string& hash,
                         const std::filesystem::path& cache,
                         const PackOptions& options);

// The same from a store that lies at `path`: one of ours, which is mapped as it
// is, or another program's (see feature_source.h), packed in the cache first.
// Returns a hash of the features that the splits use. Throws DataError naming
// the first image without features, and how many there are.
std::string PutStoredFeatures(const std::vector<EncodedSplit*>& splits,
                              const std::filesystem::path& path,
                              const std::filesystem::path& cache,
                              const PackOptions& options);

}  // namespace msdbench
