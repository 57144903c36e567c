#include "benchmarks/places.h"

#include <fmt/format.h>

#include <utility>

#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {

std::filesystem::path Places::Weights(const std::string& name) const {
  // A bare name is one below the root first: a download of the same name may
  // lie in the working directory.
  const std::filesystem::path path = name, below = weights_root / path;
  const bool bare = !path.has_parent_path();
  for (const auto& place : {bare ? below : path, bare ? path : below}) {
    if (IsThere(place)) return place;
  }
  throw DataError(fmt::format(
      "weights \"{}\": neither {} nor {} is there (msdbench weights import "
      "makes such folders, --weights-root says where they are)",
      name, name, (weights_root / name).string()));
}

ContentHashes Places::Hashes(int threads) const {
  ContentHashes::Options options;
  if (!cache.empty()) options.memo = cache / "content_hashes.txt";
  options.threads = threads;
  return ContentHashes(std::move(options));
}

}  // namespace msdbench
