// The folder of records: DIR/<data set>/<method>/seed-<n>/record.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "reports/record.h"

namespace msdbench {

inline constexpr char kRecordName[] = "record.json";

// Folder of one run; teachers have the method name "teacher". Throws UsageError
// when a name cannot be a folder's name.
std::filesystem::path RunFolder(const std::filesystem::path& store,
                                const std::string& dataset,
                                const std::string& method, std::uint64_t seed);
std::filesystem::path RecordFile(const std::filesystem::path& store,
                                 const std::string& dataset,
                                 const std::string& method, std::uint64_t seed);

struct LoadOptions {
  // A broken record becomes a line of `problems` instead of an Error.
  bool collect_problems = false;
  bool keep_json = true;  // false: Record::json is null, saves memory
};

struct LoadedRecords {
  std::vector<Record> records;  // `source` is the path within the folder
  std::vector<std::string> problems;
};

// Every record.json at any depth below `store`, sorted by path. Throws
// DataError when there is no such folder.
LoadedRecords LoadRecords(const std::filesystem::path& store,
                          const LoadOptions& options = {});

}  // namespace msdbench
