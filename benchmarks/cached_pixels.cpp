#include "benchmarks/cached_pixels.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "benchmarks/cache_file.h"
#include "benchmarks/image_key.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

constexpr const char* kArray = "pixels";
// To be raised when decoding or scaling gives other bytes.
constexpr int kFormat = 1;

// Of images decoded at a time; and how many, so that progress can be told.
constexpr std::size_t kMostBytes = std::size_t{64} << 20, kMostImages = 512;

void WritePixels(const std::vector<std::filesystem::path>& images,
                 const std::vector<std::int64_t>& shape,
                 const std::filesystem::path& file, int threads,
                 LongWork& work) {
  const auto image_bytes =
      static_cast<std::size_t>(shape[1] * shape[2] * shape[3]);
  const std::size_t chunk =
      std::clamp<std::size_t>(kMostBytes / image_bytes, 1, kMostImages);
  SafetensorsWriter out(
      file, {{kArray, "U8", shape, nullptr, images.size() * image_bytes}},
      {{kSeal, ""}});
  std::vector<std::string> problems;
  for (std::size_t first = 0; first < images.size(); first += chunk) {
    const auto begin = images.begin() + static_cast<std::ptrdiff_t>(first);
    const std::size_t count = std::min(chunk, images.size() - first);
    const at::Tensor pixels =
        DecodeImages({begin, begin + static_cast<std::ptrdiff_t>(count)},
                     shape[2], threads, problems);
    out.Write({static_cast<const char*>(pixels.data_ptr()), pixels.nbytes()});
    work(first + count);
  }
  RefuseUnreadable(std::move(problems));
  out.Commit();
}

}  // namespace

void PutPixels(EncodedSplit& split, const std::filesystem::path& cache,
               int threads, const WorkReport& report) {
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
  CacheFile cached;
  cached.file = file;
  cached.make = [&] {
    LongWork work(report,
                  fmt::format("decoding the {} images of {}",
                              split.images.size(), split.name),
                  split.images.size());
    WritePixels(split.images, shape, file, threads, work);
  };
  cached.check = [&] { CheckSeal(file, report); };
  cached.use = [&] {
    const auto stored = std::make_shared<SafetensorsFile>(file);
    const NamedArray& array = stored->Get(kArray);
    if (array.dtype != "U8" || array.shape != shape) {
      throw DataError(file.string() + ": has another shape than this split");
    }
    split.pixels = at::from_blob(
        const_cast<void*>(array.data), shape, [stored](void*) {}, at::kByte);
  };
  UseCacheFile(cached, cache, report);
}

}  // namespace msdbench
