#include "datasets/features/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reports/error.h"
#include "reports/parallel_for.h"

namespace msdbench {
namespace {

// Images in memory at a time.
constexpr std::size_t kChunk = 64;

}  // namespace

std::int64_t PackFeatures(const FeatureSource& source,
                          std::vector<std::string> names,
                          const std::filesystem::path& file,
                          const PackOptions& options) {
  std::sort(names.begin(), names.end());
  if (names.empty()) throw DataError(source.Path() + ": holds no images");

  std::optional<PackedWriter> writer;
  std::int64_t tokens = options.tokens;
  std::vector<ImageFeatures> chunk(std::min(kChunk, names.size()));
  std::vector<char> found(names.size(), true);
  for (std::size_t first = 0; first < names.size(); first += kChunk) {
    const std::size_t count = std::min(kChunk, names.size() - first);
    ParallelFor(count, options.threads, [&](std::size_t i) {
      found[first + i] = source.Read(names[first + i], &chunk[i]);
    });
    // Only to count what is missing.
    if (std::count(found.begin(), found.end(), false) > 0) continue;
    for (std::size_t i = 0; i < count; ++i) {
      const ImageFeatures& features = chunk[i];
      if (!writer) {
        if (tokens == 0) tokens = features.padded;
        writer.emplace(file, names, tokens, features.width,
                       options.precision.value_or(FeaturePrecision::kFp32));
      }
      if (features.tokens > tokens && options.tokens == 0) {
        throw DataError(fmt::format(
            "{}: {}: {} tokens, {} has {}: say how many to keep of each image "
            "(tokens)",
            source.Path(), names[first + i], features.tokens, names[0],
            tokens));
      }
      try {
        writer->Add(features);
      } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}: {}", source.Path(),
                                              names[first + i], error.what()));
      }
    }
    if (options.progress) options.progress(first + count);
  }
  const auto missing = std::count(found.begin(), found.end(), false);
  if (missing > 0) {
    const auto place = std::find(found.begin(), found.end(), false);
    throw DataError(fmt::format(
        "{}: no features of {} of {} images, the "
        "first: {}",
        source.Path(), missing, names.size(), names[place - found.begin()]));
  }
  writer->Finish();
  return writer->cut().images;
}

}  // namespace msdbench
