#include "datasets/features/feature_source.h"

#include <cstdint>
#include <cstring>
#include <string_view>

#include "datasets/features/packed_features.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;

namespace {

// What a file that is no store seems to be, for the error about it.
std::string LooksLike(const std::string& start) {
  const auto begins = [&](std::string_view with) {
    return std::string_view(start).substr(0, with.size()) == with;
  };
  if (start.empty()) return "empty";
  if (begins("\x89HDF\r\n\x1a\n")) return "an HDF5 file";
  if (begins("PK\x03\x04")) return "a zip, as .npz";
  if (begins("\x93NUMPY")) return "one .npy file";
  if (start[0] == '\x80') return "a pickle";
  if (start.find('\t') < start.find('\n')) {
    return "a text with tabs, as bottom-up-attention's .tsv";
  }
  return "of another kind";
}

bool IsLmdb(std::string_view start) {
  // The first page's header, then the magic number of its meta data.
  constexpr std::size_t kPageHeader = 16;
  constexpr std::uint32_t kMagic = 0xBEEFC0DE;
  std::uint32_t magic = 0;
  if (start.size() < kPageHeader + sizeof(magic)) return false;
  std::memcpy(&magic, start.data() + kPageHeader, sizeof(magic));
  return magic == kMagic;
}

}  // namespace

std::unique_ptr<FeatureSource> OpenFeatureSource(const fs::path& path) {
  if (IsFolder(path)) {
    const bool is_lmdb = IsFile(path / "data.mdb");
    return is_lmdb ? OpenFeatureLmdb(path) : OpenNpyFolder(path);
  }
  if (IsFile(path)) {
    if (PackedFeatures::Is(path)) return OpenPackedFeatures(path);
    std::string start(4096, '\0');
    start.resize(InputFile(path).Read(start.data(), start.size()));
    if (IsLmdb(start)) return OpenFeatureLmdb(path);
    throw DataError(path.string() + ": no store of features, but " +
                    LooksLike(start) +
                    "; expected an LMDB (data.mdb), a folder of .npy files or "
                    "a packed store");
  }
  throw DataError(path.string() +
                  ": no features there: expected an LMDB (data.mdb), a folder "
                  "of .npy files or a packed store");
}

}  // namespace msdbench
