#include "datasets/features/feature_source.h"

#include <charconv>
#include <cstdint>

#include "datasets/features/packed_features.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;

std::vector<std::string> StoredNames(const std::string& name) {
  std::vector<std::string> names = {name};
  const std::string last = name.substr(name.rfind('_') + 1);
  std::uint64_t number = 0;
  const char* end = last.data() + last.size();
  const auto parsed = std::from_chars(last.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr == end) {
    names.push_back(std::to_string(number));
  }
  return names;
}

std::unique_ptr<FeatureSource> OpenFeatureSource(const fs::path& path) {
  if (IsFolder(path)) {
    const bool is_lmdb = IsFile(path / "data.mdb");
    return is_lmdb ? OpenFeatureLmdb(path) : OpenNpyFolder(path);
  }
  if (IsFile(path)) {
    return PackedFeatures::Is(path) ? OpenPackedFeatures(path)
                                    : OpenFeatureLmdb(path);
  }
  throw DataError(path.string() +
                  ": no features there: expected an LMDB (data.mdb), a folder "
                  "of .npy files or a packed store");
}

}  // namespace msdbench
