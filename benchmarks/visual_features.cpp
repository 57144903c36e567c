#include "benchmarks/visual_features.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "benchmarks/image_key.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/json_file.h"

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

fs::path CacheFile(const fs::path& cache, const std::string& described) {
  return cache / "features" / (Sha256OfText(described) + ".safetensors");
}

// Points the splits at the store's rows, found by the first of the names that
// `names_of` gives an image. Returns a hash of the features used, by image.
template <typename NamesOf>
std::string MapFeatures(const std::vector<EncodedSplit*>& splits,
                        const PackedFeatures& store, const std::string& source,
                        std::int64_t most_tokens, NamesOf names_of) {
  const std::int64_t tokens = most_tokens > 0
                                  ? std::min(most_tokens, store.shape().tokens)
                                  : store.shape().tokens;
  const at::Tensor features = TensorOf(store).narrow(1, 0, tokens);
  std::map<std::string, std::int64_t> used;
  std::set<std::string> missing;
  for (EncodedSplit* split : splits) {
    split->features = features;
    for (const fs::path& image : split->images) {
      const std::vector<std::string> names = names_of(image);
      std::optional<std::int64_t> row;
      for (const std::string& name : names) {
        if (!row) row = store.Row(name);
      }
      if (!row) {
        missing.insert(image.string());
        continue;
      }
      split->feature_row.push_back(*row);
      split->feature_count.push_back(std::min(store.Count(*row), tokens));
      used[names[0]] = *row;
    }
  }
  if (!missing.empty()) {
    throw DataError(fmt::format("{}: no features of {} images, the first: {}",
                                source, missing.size(), *missing.begin()));
  }
  Sha256 digest;
  digest.Update(fmt::format("{} {} {}\n", tokens, store.shape().width,
                            NameOf(store.shape().precision)));
  for (const auto& [name, row] : used) {
    digest.Update(name).Update("\n").Update(store.Checksum(row));
  }
  return digest.Hex();
}

// Somebody else's bytes: checked whole when they are first met, which a file in
// the cache remembers.
void CheckOnce(const fs::path& path, const fs::path& cache, int threads) {
  const fs::path passed =
      cache / "features" / (KeyOfImages({path}) + ".checked");
  if (fs::exists(passed)) return;
  const std::vector<std::string> damaged =
      PackedFeatures(path).Damaged(threads);
  if (!damaged.empty()) {
    throw DataError(fmt::format(
        "{}: features of {} images are not what was written, the first: {} "
        "(msdbench data features names them all)",
        path.string(), damaged.size(), damaged[0]));
  }
  WriteFileAtomically(passed, path.string() + "\n");
}

// A store knows an image by its file's name alone, so no two may share it.
void CheckNames(const std::vector<fs::path>& images,
                const std::string& source) {
  std::map<std::string, fs::path> known;
  for (const fs::path& image : images) {
    const auto [place, is_new] = known.emplace(FeatureName(image), image);
    if (is_new) continue;
    throw DataError(fmt::format("{}: two images are named {}: {} and {}",
                                source, place->first, place->second.string(),
                                image.string()));
  }
}

}  // namespace

std::string FeatureName(const fs::path& image) { return image.stem().string(); }

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
                         const PackOptions& options) {
  const std::vector<fs::path> images = ImagesOf(splits);
  const FeaturePrecision precision =
      options.precision.value_or(FeaturePrecision::kFp32);
  const fs::path file =
      CacheFile(cache, fmt::format("{} {} {} {} {}", KeyOfImages(images), hash,
                                   grid, NameOf(precision), kBackboneFormat));
  // Whole paths, since two folders may hold files of one name.
  if (!fs::exists(file)) {
    std::vector<std::string> names;
    for (const fs::path& image : images) names.push_back(AbsoluteName(image));
    PackBackboneFeatures(backbone, grid, images, names, file, options);
  }
  MapFeatures(splits, PackedFeatures(file), file.string(), options.tokens,
              [](const fs::path& image) {
                return std::vector<std::string>{AbsoluteName(image)};
              });
}

std::string PutStoredFeatures(const std::vector<EncodedSplit*>& splits,
                              const fs::path& path, const fs::path& cache,
                              const PackOptions& options) {
  const std::vector<fs::path> images = ImagesOf(splits);
  CheckNames(images, path.string());
  const auto names_of = [](const fs::path& image) {
    return StoredNames(FeatureName(image));
  };
  const auto map = [&](const fs::path& file) {
    return MapFeatures(splits, PackedFeatures(file), path.string(),
                       options.tokens, names_of);
  };
  if (fs::is_regular_file(path) && PackedFeatures::Is(path)) {
    const FeaturePrecision stored = PackedFeatures(path).shape().precision;
    CheckOnce(path, cache, options.threads);
    if (options.precision.value_or(stored) == stored) return map(path);
  }
  const auto source = OpenFeatureSource(path);
  std::vector<std::string> names;
  for (const fs::path& image : images) names.push_back(FeatureName(image));
  std::string described =
      fmt::format("{} {} {}", source->State(), options.tokens,
                  NameOf(options.precision.value_or(FeaturePrecision::kFp32)));
  for (const std::string& name : names) described += "\n" + name;
  const fs::path file = CacheFile(cache, described);
  if (!fs::exists(file)) PackFeatures(*source, names, file, options);
  return map(file);
}

}  // namespace msdbench
