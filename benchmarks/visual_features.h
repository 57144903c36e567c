// Visual tokens of a data set from a network that is not trained here: packed
// once (see packed_features.h), mapped from then on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "baselines/models/grid_backbone.h"
#include "benchmarks/work_report.h"
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

// Names for the pictures' entries in a store, a unique one each: their files',
// without folder and ending, or, where pictures share such a name, paths below
// the folder that holds them all (see feature_index.h, which finds both).
std::vector<std::string> EntryNames(
    const std::vector<std::filesystem::path>& images);

// Fills the splits' features from a backbone by way of CACHE/features/. `hash`
// tells the backbone. Throws DataError. options.progress is not used.
void PutBackboneFeatures(const std::vector<EncodedSplit*>& splits,
                         const GridBackbone& backbone, std::int64_t grid,
                         const std::string& hash,
                         const std::filesystem::path& cache,
                         const PackOptions& options,
                         const WorkReport& report = {});

// Whether PutStoredFeatures will find an entry for every image, each its own:
// throws DataError where it will not. Reads no features.
void CheckStoredFeatures(const Dataset& dataset,
                         const std::filesystem::path& path);

struct StoredFeatures {
  std::string hash;                // of the features that the splits use
  std::vector<std::string> notes;  // what was cut; images found by number
};

// The same from a store that lies at `path`: one of ours, which is mapped as it
// is, or another program's (see feature_source.h), packed in the cache first.
// Throws DataError naming the first image without features, and how many there
// are, and where two images would share an entry.
StoredFeatures PutStoredFeatures(const std::vector<EncodedSplit*>& splits,
                                 const std::filesystem::path& path,
                                 const std::filesystem::path& cache,
                                 const PackOptions& options,
                                 const WorkReport& report = {});

}  // namespace msdbench
