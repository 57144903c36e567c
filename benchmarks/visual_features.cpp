#include "benchmarks/visual_features.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "benchmarks/cache_file.h"
#include "benchmarks/image_key.h"
#include "datasets/features/feature_index.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

// To be raised when a backbone or its input gives other features.
constexpr int kBackboneFormat = 1;

// Every image of the splits once, in order of its path.
std::vector<fs::path> ImagesOf(const std::vector<EncodedSplit*>& splits) {
  std::set<fs::path> images;
  for (const EncodedSplit* split : splits) {
    images.insert(split->images.begin(), split->images.end());
  }
  return {images.begin(), images.end()};
}

at::Tensor TensorOf(const PackedFeatures& store) {
  const PackedShape& shape = store.shape();
  const bool half = shape.precision == FeaturePrecision::kFp16;
  return at::from_blob(
      const_cast<void*>(store.data()),
      {shape.images, shape.tokens, shape.width}, [store](void*) {},
      half ? at::kHalf : at::kFloat);
}

fs::path CacheFilePath(const fs::path& cache, const std::string& described) {
  return cache / "features" / (Sha256OfText(described) + ".safetensors");
}

// Images by their paths, with the store's row of each.
using RowOfImage = std::map<fs::path, std::int64_t>;

// Points the splits at the store's rows. Returns a hash of the features used,
// by image.
std::string MapFeatures(const std::vector<EncodedSplit*>& splits,
                        const PackedFeatures& store, std::int64_t tokens,
                        const RowOfImage& row_of) {
  const at::Tensor features = TensorOf(store).narrow(1, 0, tokens);
  for (EncodedSplit* split : splits) {
    split->features = features;
    for (const fs::path& image : split->images) {
      const std::int64_t row = row_of.at(image);
      split->feature_row.push_back(row);
      split->feature_count.push_back(std::min(store.Count(row), tokens));
    }
  }
  std::vector<fs::path> images;
  for (const auto& entry : row_of) images.push_back(entry.first);
  const std::vector<std::string> names = EntryNames(images);
  std::map<std::string, std::int64_t> used;
  for (std::size_t i = 0; i < images.size(); ++i) {
    used[names[i]] = row_of.at(images[i]);
  }
  Sha256 digest;
  digest.Update(fmt::format("{} {} {}\n", tokens, store.shape().width,
                            NameOf(store.shape().precision)));
  for (const auto& [name, row] : used) {
    digest.Update(name).Update("\n").Update(store.Checksum(row));
  }
  return digest.Hex();
}

// How many tokens of the store an image may have here.
std::int64_t TokensOf(const PackedFeatures& store, std::int64_t most) {
  return most > 0 ? std::min(most, store.shape().tokens) : store.shape().tokens;
}

// Every byte of a store of ours.
void CheckRows(const fs::path& path, int threads, const WorkReport& report) {
  const PackedFeatures store(path);
  const std::size_t images = store.names().size();
  LongWork work(IsSmall(path) ? WorkReport() : report,
                fmt::format("checking the features of {} images in {}", images,
                            path.string()),
                images);
  const std::vector<std::string> damaged =
      store.Damaged(threads, [&work](std::size_t done) { work(done); });
  if (damaged.empty()) return;
  throw DataError(fmt::format(
      "{}: features of {} images are not what was written, the first: {} "
      "(msdbench data features names them all)",
      path.string(), damaged.size(), damaged[0]));
}

// A store in the cache, made there first where it is missing or damaged.
PackedFeatures CachedStore(const fs::path& file, const fs::path& cache,
                           int threads, const WorkReport& report,
                           const std::function<void()>& make) {
  std::optional<PackedFeatures> store;
  CacheFile cached;
  cached.file = file;
  cached.make = make;
  cached.check = [&] { CheckRows(file, threads, report); };
  cached.use = [&] { store.emplace(file); };
  UseCacheFile(cached, cache, report);
  return *store;
}

// "features: 3 of 40 images cut to 36 tokens (the longest has 100)", where some
// are.
void NoteCut(std::int64_t cut, std::size_t images, std::int64_t tokens,
             std::int64_t longest, std::vector<std::string>& notes) {
  if (cut == 0) return;
  notes.push_back(
      fmt::format("features: {} of {} images cut to {} tokens (the longest has "
                  "{})",
                  cut, images, tokens, longest));
}

// What of a packed store's rows is cut off here, and what was when it was
// packed.
void NoteCuts(const PackedFeatures& store, const RowOfImage& row_of,
              std::int64_t tokens, std::vector<std::string>& notes) {
  NoteCut(store.cut().images, store.names().size(), store.shape().tokens,
          store.cut().longest, notes);
  std::int64_t cut = 0, longest = 0;
  for (const auto& [image, row] : row_of) {
    cut += store.Count(row) > tokens ? 1 : 0;
    longest = std::max(longest, store.Count(row));
  }
  NoteCut(cut, row_of.size(), tokens, longest, notes);
}

}  // namespace

std::vector<std::string> EntryNames(const std::vector<fs::path>& images) {
  std::vector<std::string> names;
  std::set<std::string> distinct;
  for (const fs::path& image : images) {
    names.push_back(FeatureIndex::NameOf(image));
    distinct.insert(names.back());
  }
  return distinct.size() == images.size() ? names
                                          : NamesBelowCommonFolder(images);
}

void PackBackboneFeatures(const GridBackbone& backbone, std::int64_t grid,
                          const std::vector<fs::path>& images,
                          const std::vector<std::string>& names,
                          const fs::path& file, const PackOptions& options) {
  std::map<std::string, fs::path> sorted;
  for (std::size_t i = 0; i < images.size(); ++i) {
    sorted.emplace(names[i], images[i]);
  }
  std::vector<std::string> order;
  std::vector<fs::path> files;
  for (const auto& [name, image] : sorted) {
    order.push_back(name);
    files.push_back(image);
  }
  const FeaturePrecision precision =
      options.precision.value_or(FeaturePrecision::kFp32);
  constexpr std::size_t kChunk = 32;  // pixels are never all in memory
  std::optional<PackedWriter> writer;
  std::vector<std::string> problems;
  for (std::size_t first = 0; first < files.size(); first += kChunk) {
    const std::size_t last = std::min(files.size(), first + kChunk);
    const at::Tensor pixels =
        DecodeImages({files.begin() + static_cast<std::ptrdiff_t>(first),
                      files.begin() + static_cast<std::ptrdiff_t>(last)},
                     backbone.config().image_size, options.threads, problems);
    if (!problems.empty()) continue;  // only to find the others
    const at::Tensor tokens = backbone.Tokens(pixels, grid).contiguous();
    const std::int64_t count = tokens.size(1), width = tokens.size(2);
    if (!writer) {
      writer.emplace(file, order, count, width, precision);
    }
    const float* values = tokens.data_ptr<float>();
    for (std::size_t i = first; i < last; ++i, values += count * width) {
      writer->Add({count, width, count, {values, values + count * width}});
    }
    if (options.progress) options.progress(last);
  }
  RefuseUnreadable(std::move(problems));
  if (!writer) throw UsageError(file.string() + ": no images to pack");
  writer->Finish();
}

void PutBackboneFeatures(const std::vector<EncodedSplit*>& splits,
                         const GridBackbone& backbone, std::int64_t grid,
                         const std::string& hash, const fs::path& cache,
                         const PackOptions& options, const WorkReport& report) {
  const std::vector<fs::path> images = ImagesOf(splits);
  const FeaturePrecision precision =
      options.precision.value_or(FeaturePrecision::kFp32);
  const fs::path file = CacheFilePath(
      cache, fmt::format("{} {} {} {} {}", KeyOfImages(images), hash, grid,
                         NameOf(precision), kBackboneFormat));
  // Whole paths, since two folders may hold files of one name.
  std::vector<std::string> names;
  for (const fs::path& image : images) names.push_back(AbsoluteName(image));
  const PackedFeatures store =
      CachedStore(file, cache, options.threads, report, [&] {
        LongWork work(
            report,
            fmt::format("computing the features of {} images", images.size()),
            images.size());
        PackOptions told = options;
        told.progress = [&work](std::size_t done) { work(done); };
        PackBackboneFeatures(backbone, grid, images, names, file, told);
      });
  RowOfImage row_of;
  for (std::size_t i = 0; i < images.size(); ++i) {
    row_of[images[i]] = store.Row(names[i]).value();
  }
  MapFeatures(splits, store, TokensOf(store, options.tokens), row_of);
}

void CheckStoredFeatures(const Dataset& dataset, const fs::path& path) {
  std::set<fs::path> images;
  for (const Split* split : {&dataset.train, &dataset.dev, &dataset.test}) {
    for (const Example& example : split->examples) images.insert(example.image);
  }
  FeatureIndex(OpenFeatureSource(path)->Names(), path.string())
      .FindAll({images.begin(), images.end()});
}

StoredFeatures PutStoredFeatures(const std::vector<EncodedSplit*>& splits,
                                 const fs::path& path, const fs::path& cache,
                                 const PackOptions& options,
                                 const WorkReport& report) {
  const std::vector<fs::path> images = ImagesOf(splits);
  StoredFeatures stored;
  const auto find = [&](const std::vector<std::string>& entries) {
    auto places = FeatureIndex(entries, path.string()).FindAll(images);
    if (places.by_number > 0) {
      stored.notes.push_back(fmt::format(
          "features: {} of {} images found by the number in their name",
          places.by_number, images.size()));
    }
    return places.entries;
  };
  std::optional<PackedFeatures> ours;
  if (IsFile(path) && PackedFeatures::Is(path)) {
    ours.emplace(path);
    CheckOnce(path, cache, [&] { CheckRows(path, options.threads, report); });
    const FeaturePrecision precision = ours->shape().precision;
    if (options.precision.value_or(precision) == precision) {
      const auto places = find({ours->names().begin(), ours->names().end()});
      RowOfImage row_of;
      for (std::size_t i = 0; i < images.size(); ++i) {
        row_of[images[i]] = static_cast<std::int64_t>(places[i]);
      }
      const std::int64_t tokens = TokensOf(*ours, options.tokens);
      NoteCuts(*ours, row_of, tokens, stored.notes);
      stored.hash = MapFeatures(splits, *ours, tokens, row_of);
      return stored;
    }
  }

  const auto source = OpenFeatureSource(path);
  const std::vector<std::string> entries = source->Names();
  const auto places = find(entries);
  std::set<std::string> wanted;
  for (const std::size_t place : places) wanted.insert(entries[place]);
  std::string described =
      fmt::format("{} {} {}", source->State(), options.tokens,
                  NameOf(options.precision.value_or(FeaturePrecision::kFp32)));
  for (const std::string& name : wanted) described += "\n" + name;
  const fs::path file = CacheFilePath(cache, described);
  const PackedFeatures store =
      CachedStore(file, cache, options.threads, report, [&] {
        LongWork work(report,
                      fmt::format("packing the features of {} images of {}",
                                  wanted.size(), path.filename().string()),
                      wanted.size());
        PackOptions told = options;
        told.progress = [&work](std::size_t done) { work(done); };
        PackFeatures(*source, {wanted.begin(), wanted.end()}, file, told);
      });
  RowOfImage row_of;
  for (std::size_t i = 0; i < images.size(); ++i) {
    row_of[images[i]] = store.Row(entries[places[i]]).value();
  }
  if (ours) NoteCuts(*ours, {}, ours->shape().tokens, stored.notes);
  NoteCuts(store, row_of, store.shape().tokens, stored.notes);
  stored.hash = MapFeatures(splits, store, store.shape().tokens, row_of);
  return stored;
}

}  // namespace msdbench
