#include "benchmarks/visual_features.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "benchmarks/image_key.h"
#include "benchmarks/version.h"
#include "reports/digest.h"
#include "reports/error.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

const char* NameOf(FeaturePrecision precision) {
  return precision == FeaturePrecision::kFp16 ? "fp16" : "fp32";
}

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

// Points the splits at the store's rows; `name` gives an image's name there.
template <typename NameOfImage>
void MapFeatures(const std::vector<EncodedSplit*>& splits,
                 const PackedFeatures& store, const std::string& source,
                 std::int64_t most_tokens, NameOfImage name) {
  const std::int64_t tokens = most_tokens > 0
                                  ? std::min(most_tokens, store.shape().tokens)
                                  : store.shape().tokens;
  std::size_t missing = 0;
  std::string first;
  for (EncodedSplit* split : splits) {
    split->features = TensorOf(store).narrow(1, 0, tokens);
    split->feature_row.clear();
    split->feature_count.clear();
    for (const fs::path& image : split->images) {
      const std::optional<std::int64_t> row = store.Row(name(image));
      if (!row) {
        if (missing++ == 0) first = image.string();
        continue;
      }
      split->feature_row.push_back(*row);
      split->feature_count.push_back(std::min(store.Count(*row), tokens));
    }
  }
  if (missing > 0) {
    throw DataError(fmt::format("{}: no features of {} images, the first: {}",
                                source, missing, first));
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
    const auto [place, is_new] = sorted.emplace(names[i], images[i]);
    if (!is_new) {
      throw DataError(fmt::format("two images are named {}: {} and {}",
                                  names[i], place->second.string(),
                                  images[i].string()));
    }
  }
  std::vector<std::string> order;
  std::vector<fs::path> files;
  for (const auto& [name, image] : sorted) {
    order.push_back(name);
    files.push_back(image);
  }
  constexpr std::size_t kChunk = 32;  // pixels are never all in memory
  std::optional<PackedWriter> writer;
  for (std::size_t first = 0; first < files.size(); first += kChunk) {
    const std::size_t last = std::min(files.size(), first + kChunk);
    const at::Tensor pixels =
        DecodeImages({files.begin() + static_cast<std::ptrdiff_t>(first),
                      files.begin() + static_cast<std::ptrdiff_t>(last)},
                     backbone.config().image_size, options.threads);
    const at::Tensor tokens = backbone.Tokens(pixels, grid).contiguous();
    const std::int64_t count = tokens.size(1), width = tokens.size(2);
    if (!writer) {
      writer.emplace(file, order, count, width, options.precision,
                     std::map<std::string, std::string>{});
    }
    const float* values = tokens.data_ptr<float>();
    for (std::size_t i = first; i < last; ++i, values += count * width) {
      writer->Add({count, width, count, {values, values + count * width}});
    }
    if (options.progress) options.progress(last);
  }
  if (!writer) throw UsageError(file.string() + ": no images to pack");
  writer->Finish();
}

void PutBackboneFeatures(const std::vector<EncodedSplit*>& splits,
                         const GridBackbone& backbone, std::int64_t grid,
                         const std::string& hash, const fs::path& cache,
                         const PackOptions& options) {
  const std::vector<fs::path> images = ImagesOf(splits);
  const fs::path file =
      CacheFile(cache, fmt::format("{} {} {} {} {}", KeyOfImages(images), hash,
                                   grid, NameOf(options.precision), Version()));
  // Whole paths, since two folders may hold files of one name.
  const auto name = [](const fs::path& image) { return image.string(); };
  if (!fs::exists(file)) {
    std::vector<std::string> names;
    for (const fs::path& image : images) names.push_back(name(image));
    PackBackboneFeatures(backbone, grid, images, names, file, options);
  }
  MapFeatures(splits, PackedFeatures(file), file.string(), 0, name);
}

std::string PutStoredFeatures(const std::vector<EncodedSplit*>& splits,
                              const fs::path& path, const fs::path& cache,
                              const PackOptions& options) {
  std::set<std::string> names;
  for (const fs::path& image : ImagesOf(splits)) {
    const std::string name = FeatureName(image);
    if (!names.insert(name).second) {
      throw DataError(fmt::format("{}: two images are named {} there",
                                  path.string(), name));
    }
  }
  fs::path file = path;
  if (!fs::is_regular_file(path) || !PackedFeatures::Is(path)) {
    const auto source = OpenFeatureSource(path);
    std::string described =
        fmt::format("{} {} {} {}", source->State(), options.tokens,
                    NameOf(options.precision), Version());
    for (const std::string& name : names) described += "\n" + name;
    file = CacheFile(cache, described);
    if (!fs::exists(file)) {
      PackFeatures(*source, {names.begin(), names.end()}, file, options);
    }
  }
  const PackedFeatures store(file);
  MapFeatures(splits, store, path.string(), options.tokens, FeatureName);
  Sha256 digest;
  digest.Update(
      fmt::format("{} {}\n", splits[0]->features.size(1), store.shape().width));
  for (const std::string& name : names) {
    digest.Update(name).Update("\n").Update(store.Checksum(*store.Row(name)));
  }
  return digest.Hex();
}

}  // namespace msdbench
