#include "datasets/assemble.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "datasets/image/stored_image.h"
#include "datasets/splits.h"
#include "reports/content_hashes.h"
#include "reports/error.h"

namespace msdbench {
namespace {

using Ids = std::unordered_set<std::string_view>;

Ids UniqueIds(const std::string& dataset, const Split& split) {
  if (split.examples.empty()) {
    throw DataError(
        fmt::format("{}: split {} has no examples", dataset, split.name));
  }
  Ids ids;
  ids.reserve(split.examples.size());
  for (const Example& example : split.examples) {
    if (!ids.insert(example.id).second) {
      throw DataError(fmt::format("{}: split {}: id \"{}\" occurs twice",
                                  dataset, split.name, example.id));
    }
  }
  return ids;
}

void NoteSharedIds(const Split& a, const Ids& ids_of_a, const Split& b,
                   std::vector<std::string>& notes) {
  std::size_t shared = 0;
  for (const Example& example : b.examples)
    shared += ids_of_a.count(example.id);
  if (shared > 0) {
    notes.push_back(
        fmt::format("{} and {} share {} ids", a.name, b.name, shared));
  }
}

// A row of an HDF5 file stands for that whole file.
std::vector<std::string> HashImages(
    const std::vector<std::filesystem::path>& images, ContentHashes& hashes) {
  std::vector<std::filesystem::path> files;
  std::unordered_map<std::string, std::size_t> place_of;
  std::vector<std::size_t> places;
  for (const std::filesystem::path& image : images) {
    const auto row = ParsePixelRowPath(image);
    const std::filesystem::path& file = row ? row->file : image;
    const auto [place, is_new] = place_of.emplace(file.native(), files.size());
    if (is_new) files.push_back(file);
    places.push_back(place->second);
  }
  const std::vector<std::string> of_files = hashes.Of(files);
  std::vector<std::string> of_images;
  for (std::size_t place : places) of_images.push_back(of_files[place]);
  return of_images;
}

void AddImages(const Dataset& dataset, const std::filesystem::path& base,
               const DatasetOptions& options, Fingerprint& fingerprint) {
  std::unordered_set<std::string_view> seen;
  std::vector<std::filesystem::path> there;
  std::vector<std::string> names, missing;
  std::size_t missing_count = 0;
  for (const Split* split : {&dataset.train, &dataset.dev, &dataset.test}) {
    for (const Example& example : split->examples) {
      if (!seen.insert(example.image.native()).second) continue;
      std::string name =
          example.image.lexically_relative(base).generic_string();
      if (!options.images || StoredImageSize(example.image)) {
        there.push_back(example.image);
        names.push_back(std::move(name));
      } else if (++missing_count <= 3) {
        missing.push_back(std::move(name));
      }
    }
  }
  if (missing_count > 0) {
    throw DataError(fmt::format(
        "{}: {} of {} image files are missing under {}: {}{}", dataset.name,
        missing_count, seen.size(), base.string(), fmt::join(missing, ", "),
        missing_count > missing.size() ? ", ..." : ""));
  }
  std::vector<std::string> hashes(names.size());
  if (options.images) {
    ContentHashes computed;
    hashes = HashImages(there,
                        options.hashes != nullptr ? *options.hashes : computed);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    fingerprint.AddImage(std::move(names[i]), std::move(hashes[i]));
  }
}

}  // namespace

void CheckOptions(const DatasetOptions& options) {
  if (options.root.empty()) throw UsageError("data set: no root folder given");
  for (const auto& [split, limit] : options.limit) {
    if (split != "train" && split != "dev" && split != "test") {
      throw UsageError("limit: unknown split \"" + split +
                       "\", allowed: train, dev, test");
    }
    if (limit < 0) {
      throw UsageError(fmt::format("limit: {} is {}, expected 0 (all) or more",
                                   split, limit));
    }
  }
}

Dataset Assemble(Dataset dataset, const DatasetOptions& options,
                 const std::filesystem::path& base, Fingerprint fingerprint) {
  dataset.name = options.name.empty() ? dataset.format : options.name;
  {
    const Ids train = UniqueIds(dataset.name, dataset.train);
    const Ids dev = UniqueIds(dataset.name, dataset.dev);
    UniqueIds(dataset.name, dataset.test);
    NoteSharedIds(dataset.train, train, dataset.dev, dataset.notes);
    NoteSharedIds(dataset.train, train, dataset.test, dataset.notes);
    NoteSharedIds(dataset.dev, dev, dataset.test, dataset.notes);
  }
  AddImages(dataset, base, options, fingerprint);
  dataset.fingerprint = fingerprint.Hex(dataset.labels);

  const std::array<std::pair<const char*, Split*>, 3> splits = {
      {{"train", &dataset.train},
       {"dev", &dataset.dev},
       {"test", &dataset.test}}};
  for (const auto& [role, split] : splits) {
    const auto limit = options.limit.find(role);
    if (limit == options.limit.end()) continue;
    const std::size_t before = split->examples.size();
    split->examples = LimitByImage(std::move(split->examples), limit->second,
                                   options.split_seed);
    if (split->examples.size() < before) {
      dataset.notes.push_back(fmt::format("{}: {} of {} examples kept (limit)",
                                          split->name, split->examples.size(),
                                          before));
    }
  }
  return dataset;
}

}  // namespace msdbench
