#include "reports/record_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "reports/failed_start.h"
#include "reports/parallel_for.h"

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

struct FoundFiles {
  std::vector<std::string> records, failed_starts;
};

FoundFiles FindRecords(const fs::path& store) {
  std::error_code error;
  fs::recursive_directory_iterator entry(store, error);
  if (error) {
    throw DataError(fmt::format("{}: records cannot be read: {}",
                                store.string(), error.message()));
  }
  FoundFiles found;
  while (entry != fs::recursive_directory_iterator()) {
    if (entry->path().filename() == kRecordName) {
      found.records.push_back(entry->path().lexically_relative(store).string());
    }
    if (entry->path().filename() == kFailedStartName) {
      found.failed_starts.push_back(entry->path().string());
    }
    const fs::path at = entry->path();
    entry.increment(error);
    if (error) {
      throw DataError(fmt::format("{}: records cannot be listed: {}",
                                  at.string(), error.message()));
    }
  }
  std::sort(found.records.begin(), found.records.end());
  std::sort(found.failed_starts.begin(), found.failed_starts.end());
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
  return RunFolder(store, dataset, method, seed) / kRecordName;
}

LoadedRecords LoadRecords(const fs::path& store, const LoadOptions& options) {
  const FoundFiles found = FindRecords(store);
  const std::vector<std::string>& names = found.records;
  // Reading and checking is the whole cost of a report over thousands of runs.
  constexpr std::size_t kWorthAThread = 64;
  std::vector<std::optional<Record>> read(names.size());
  std::vector<std::optional<Error>> errors(names.size());
  const int threads = ThreadsFor(names.size() / kWorthAThread);
  ParallelFor(names.size(), threads, [&](std::size_t i) {
    try {
      Record record = ParseRecord(ReadJsonFile(store / names[i]),
                                  (store / names[i]).string());
      record.source = names[i];
      if (!options.keep_json) record.json = nullptr;
      read[i] = std::move(record);
    } catch (const Error& error) {
      errors[i] = error;
    }
  });

  LoadedRecords loaded;
  for (const std::string& file : found.failed_starts) {
    if (!options.collect_problems) throw DataError(FailedStartText(file));
    loaded.problems.push_back(FailedStartText(file));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (read[i]) {
      loaded.records.push_back(std::move(*read[i]));
    } else if (options.collect_problems) {
      loaded.problems.push_back(errors[i]->what());
    } else {
      throw *errors[i];
    }
  }
  return loaded;
}

}  // namespace msdbench
