// Features that other programs stored, an entry an image. Which entry is an
// image's: see feature_index.h.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/features/image_features.h"

namespace msdbench {

class FeatureSource {
 public:
  virtual ~FeatureSource() = default;

  virtual std::string Path() const = 0;
  // Every entry there is, each once, in order of name.
  virtual std::vector<std::string> Names() const = 0;
  // Features of an entry. False where there is none of that name; throws
  // DataError where they are broken. Any number of threads may call.
  virtual bool Read(const std::string& name, ImageFeatures* features) const = 0;
  // Path, bytes and times of the files behind it: another text, other features.
  virtual std::string State() const = 0;
};

// MMF's two forms. A folder with NAME.npy and, where it is there, NAME_info.npy
// beside it, whose num_boxes says how many tokens are real. Entries are paths
// below the folder without ".npy" ("train/01235"); hidden files are none.
std::unique_ptr<FeatureSource> OpenNpyFolder(
    const std::filesystem::path& folder);
// An LMDB (a folder with data.mdb, or that file) of pickled dictionaries with
// `features` and `num_boxes`.
std::unique_ptr<FeatureSource> OpenFeatureLmdb(
    const std::filesystem::path& path);

// False where the build found no LMDB; then none can be opened.
bool HasLmdb();

// A packed store, to pack it anew (see packed_features.h).
std::unique_ptr<FeatureSource> OpenPackedFeatures(
    const std::filesystem::path& file);

// Whichever is there. Throws DataError.
std::unique_ptr<FeatureSource> OpenFeatureSource(
    const std::filesystem::path& path);

}  // namespace msdbench
