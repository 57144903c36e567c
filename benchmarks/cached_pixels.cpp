#include "benchmarks/cached_pixels.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "benchmarks/image_key.h"
#include "reports/atomic_file.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

constexpr const char* kArray = "pixels";
// To be raised when decoding or scaling gives other bytes.
constexpr int kFormat = 1;

// Of images decoded at a time.
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

void WritePixels(const std::vector<std::filesystem::path>& images,
                 const std::vector<std::int64_t>& shape,
                 const std::filesystem::path& file, int threads) {
  const auto image_bytes =
      static_cast<std::size_t>(shape[1] * shape[2] * shape[3]);
  const std::size_t chunk = std::max<std::size_t>(kMostBytes / image_bytes, 1);
  AtomicFile out(file);
  out.Write(SafetensorsHeader(
      {{kArray, "U8", shape, nullptr, images.size() * image_bytes}}, {}));
  std::vector<std::string> problems;
  for (std::size_t first = 0; first < images.size(); first += chunk) {
    const auto begin = images.begin() + static_cast<std::ptrdiff_t>(first);
    const std::size_t count = std::min(chunk, images.size() - first);
    const at::Tensor pixels =
        DecodeImages({begin, begin + static_cast<std::ptrdiff_t>(count)},
                     shape[2], threads, problems);
    out.Write({static_cast<const char*>(pixels.data_ptr()), pixels.nbytes()});
  }
  RefuseUnreadable(std::move(problems));
  out.Commit();
}

}  // namespace

void PutPixels(EncodedSplit& split, const std::filesystem::path& cache,
               int threads) {
  const std::int64_t size = split.input.image_size;
  if (cache.empty()) {
    split.pixels = DecodeImages(split.images, size, threads);
    return;
  }
  const std::vector<std::int64_t> shape = {
      static_cast<std::int64_t>(split.images.size()), 3, size, size};
  const std::string key = Sha256OfText(
      fmt::format("{} {} {}", KeyOfImages(split.images), size, kFormat));
  const std::filesystem::path file = cache / "pixels" / (key + ".safetensors");
  if (!std::filesystem::exists(file)) {
    WritePixels(split.images, shape, file, threads);
  }
  const auto stored = std::make_shared<SafetensorsFile>(file);
  const NamedArray& array = stored->Get(kArray);
  if (array.dtype != "U8" || array.shape != shape) {
    throw DataError(file.string() +
                    ": has another shape than this split; remove the file");
  }
  split.pixels = at::from_blob(
      const_cast<void*>(array.data), shape, [stored](void*) {}, at::kByte);
}

}  // namespace msdbench
