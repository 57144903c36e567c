#include "datasets/features/feature_source.h"

#include "reports/error.h"

namespace msdbench {
namespace fs = std::filesystem;

std::unique_ptr<FeatureSource> OpenFeatureSource(const fs::path& path) {
  std::error_code error;
  const bool is_folder = fs::is_directory(path, error);
  if (fs::is_regular_file(is_folder ? path / "data.mdb" : path, error)) {
    return OpenFeatureLmdb(path);
  }
  if (is_folder) return OpenNpyFolder(path);
  throw DataError(path.string() +
                  ": no features there: expected an LMDB (data.mdb), a folder "
                  "of .npy files or a packed store");
}

}  // namespace msdbench
