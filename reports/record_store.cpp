#include "reports/record_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace msdbench {
namespace {

namespace fs = std::filesystem;

void CheckFolderName(const char* what, const std::string& name) {
  const bool usable = !name.empty() && name != "." && name != ".." &&
                      name.find('/') == std::string::npos &&
                      std::none_of(name.begin(), name.end(),
                                   [](unsigned char c) { return c < 0x20; });
  if (usable) return;
  throw UsageError(
      fmt::format("the {} name {} cannot name a folder; allowed: "
                  "text without / and control characters",
                  what, Json(name).dump()));
}

std::vector<std::string> FindRecords(const fs::path& store) {
  std::error_code error;
  fs::recursive_directory_iterator entry(store, error);
  if (error) {
    throw DataError(fmt::format("{}: records cannot be read: {}",
                                store.string(), error.message()));
  }
  std::vector<std::string> found;
  while (entry != fs::recursive_directory_iterator()) {
    if (entry->path().filename() == "record.json") {
      found.push_back(entry->path().lexically_relative(store).string());
    }
    entry.increment(error);
    if (error) {
      throw DataError(fmt::format("{}: records cannot be listed: {}",
                                  store.string(), error.message()));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

fs::path RunFolder(const fs::path& store, const std::string& dataset,
                   const std::string& method, std::uint64_t seed) {
  CheckFolderName("data set", dataset);
  CheckFolderName("method", method);
  return store / dataset / method / fmt::format("seed-{}", seed);
}

fs::path RecordFile(const fs::path& store, const std::string& dataset,
                    const std::string& method, std::uint64_t seed) {
  return RunFolder(store, dataset, method, seed) / "record.json";
}

LoadedRecords LoadRecords(const fs::path& store, const LoadOptions& options) {
  LoadedRecords loaded;
  for (const std::string& name : FindRecords(store)) {
    try {
      Record record =
          ParseRecord(ReadJsonFile(store / name), (store / name).string());
      record.source = name;
      if (!options.keep_json) record.json = nullptr;
      loaded.records.push_back(std::move(record));
    } catch (const Error& error) {
      if (!options.collect_problems) throw;
      loaded.problems.push_back(error.what());
    }
  }
  return loaded;
}

}  // namespace msdbench
