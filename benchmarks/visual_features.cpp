#include "benchmarks/visual_features.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <memory>

#include "baselines/models/state_dict.h"
#include "reports/error.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

constexpr const char* kArray = "features";

at::Tensor Compute(const std::vector<std::filesystem::path>& images,
                   const GridBackbone& backbone, std::int64_t grid,
                   int threads) {
  constexpr std::size_t kChunk = 32;  // pixels are never all in memory
  std::vector<at::Tensor> parts;
  for (std::size_t first = 0; first < images.size(); first += kChunk) {
    const std::size_t last = std::min(images.size(), first + kChunk);
    const at::Tensor pixels =
        DecodeImages({images.begin() + static_cast<std::ptrdiff_t>(first),
                      images.begin() + static_cast<std::ptrdiff_t>(last)},
                     backbone.config().image_size, threads);
    parts.push_back(backbone.Tokens(pixels, grid));
  }
  return at::cat(parts);
}

}  // namespace

void PutFeatures(EncodedSplit& split, const GridBackbone& backbone,
                 std::int64_t grid, const std::string& key,
                 const std::filesystem::path& cache, int threads) {
  const std::filesystem::path file =
      cache / "features" / (key + ".safetensors");
  if (!std::filesystem::exists(file)) {
    WriteTensors(file,
                 {{kArray, Compute(split.images, backbone, grid, threads)}});
  }
  const auto stored = std::make_shared<SafetensorsFile>(file);
  const NamedArray& array = stored->Get(kArray);
  if (array.dtype != "F32" || array.shape.size() != 3 ||
      array.shape[0] != static_cast<std::int64_t>(split.images.size())) {
    throw DataError(file.string() +
                    ": has another shape than this split; remove the file");
  }
  split.features = at::from_blob(
      const_cast<void*>(array.data), array.shape, [stored](void*) {},
      at::kFloat);
}

}  // namespace msdbench
