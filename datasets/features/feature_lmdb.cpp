#include "datasets/features/feature_source.h"
#include "reports/error.h"
#include "reports/file_state.h"

#ifdef MSDBENCH_LMDB
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "datasets/features/lmdb_file.h"
#endif

namespace msdbench {

#ifdef MSDBENCH_LMDB
namespace {
namespace fs = std::filesystem;

// Key of the list of keys, which MMF's converter adds.
constexpr std::string_view kKeys = "keys";

class FeatureLmdb : public FeatureSource {
 public:
  explicit FeatureLmdb(const fs::path& path) : path_(path), store_(path) {}

  std::string Path() const override { return path_.string(); }

  std::vector<std::string> Names() const override {
    std::vector<std::string> names = store_.Keys();
    names.erase(std::remove(names.begin(), names.end(), kKeys), names.end());
    return names;
  }

  bool Read(const std::string& name, ImageFeatures* features) const override {
    // LMDB takes keys of 1 to 511 bytes.
    if (name.empty() || name.size() > 511) return false;
    const std::optional<std::string> found = store_.Find(name);
    if (!found) return false;
    *features = FeaturesInPickle(*found, path_.string() + ": " + name);
    return true;
  }

  std::string State() const override {
    return fs::absolute(store_.file()).string() + " " +
           FileState(store_.file());
  }

 private:
  fs::path path_;
  LmdbFile store_;
};

}  // namespace

bool HasLmdb() { return true; }

std::unique_ptr<FeatureSource> OpenFeatureLmdb(const fs::path& path) {
  return std::make_unique<FeatureLmdb>(path);
}

#else

bool HasLmdb() { return false; }

std::unique_ptr<FeatureSource> OpenFeatureLmdb(
    const std::filesystem::path& path) {
  throw DataError(path.string() +
                  ": this msdbench was built without LMDB (liblmdb-dev)");
}

#endif

}  // namespace msdbench
