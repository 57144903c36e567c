// Features that other programs stored, found by the names of images.
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
  // Every image there is, in order of name.
  virtual std::vector<std::string> Names() const = 0;
  // Features of the image of that name, its file's without folder and ending
  // ("COCO_train2014_000000458752"). False where there are none; throws
  // DataError where they are broken. Any number of threads may call.
  virtual bool Read(const std::string& name, ImageFeatures* features) const = 0;
  // Path, bytes and times of the files behind it: another text, other features.
  virtual std::string State() const = 0;
};

// MMF's two forms. A folder with NAME.npy and, where it is there, NAME_info.npy
// beside it, whose num_boxes says how many tokens are real; sub-folders count.
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

// Names that a store may know an image by, in order: its own and, as in MMF's
// of COCO, the number at its end ("458752").
std::vector<std::string> StoredNames(const std::string& name);

// Whichever is there. Throws DataError.
std::unique_ptr<FeatureSource> OpenFeatureSource(
    const std::filesystem::path& path);

}  // namespace msdbench
