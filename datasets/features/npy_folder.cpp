#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "datasets/features/feature_source.h"
#include "datasets/layout.h"
#include "reports/digest.h"
#include "reports/file_state.h"
#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kInfo = "_info";

bool EndsWith(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() &&
         text.substr(text.size() - ending.size()) == ending;
}

class NpyFolder : public FeatureSource {
 public:
  explicit NpyFolder(const fs::path& folder) : folder_(folder) {
    std::error_code error, ignored;
    fs::recursive_directory_iterator entry(folder, error), end;
    for (; !error && entry != end; entry.increment(error)) {
      const fs::path& file = entry->path();
      const std::string name = file.filename().string();
      const bool is_hidden = name[0] == '.';
      if (is_hidden && entry->is_directory(ignored)) {
        entry.disable_recursion_pending();
      }
      if (is_hidden || file.extension() != ".npy" ||
          EndsWith(file.stem().string(), kInfo)) {
        continue;
      }
      fs::path below = file.lexically_relative(folder);
      files_.emplace(below.replace_extension().generic_string(), file);
    }
    if (error) {
      throw DataError(folder.string() + ": " + error.message());
    }
    if (files_.empty()) {
      throw DataError(folder.string() +
                      ": no features there: expected NAME.npy files; " +
                      DescribeFolder(folder));
    }
  }

  std::string Path() const override { return folder_.string(); }

  std::vector<std::string> Names() const override {
    std::vector<std::string> names;
    for (const auto& file : files_) names.push_back(file.first);
    return names;
  }

  bool Read(const std::string& name, ImageFeatures* features) const override {
    const auto place = files_.find(name);
    if (place == files_.end()) return false;
    const fs::path& file = place->second;
    const std::string bytes = ReadTextFile(file);
    *features =
        FeaturesOf(ReadNpy(bytes, file.string()), Boxes(file), file.string());
    return true;
  }

  std::string State() const override {
    Sha256 digest;
    for (const auto& [name, features] : files_) {
      digest.Update(name);
      for (const fs::path& file : {features, InfoOf(features)}) {
        digest.Update(" " + FileState(file) + "\n");  // no info need be there
      }
    }
    return fs::absolute(folder_).string() + " " + digest.Hex();
  }

 private:
  static fs::path InfoOf(fs::path file) {
    const std::string name = file.stem().string() + std::string(kInfo);
    return file.replace_filename(name + ".npy");
  }

  // 0 where nothing says how many.
  static std::int64_t Boxes(const fs::path& file) {
    const fs::path info = InfoOf(file);
    if (!IsFile(info)) return 0;
    const NpyObject object(ReadTextFile(info), info.string());
    return BoxesIn(object.value(), info.string());
  }

  fs::path folder_;
  std::map<std::string, fs::path> files_;
};

}  // namespace

std::unique_ptr<FeatureSource> OpenNpyFolder(const fs::path& folder) {
  return std::make_unique<NpyFolder>(folder);
}

}  // namespace msdbench
