#include "benchmarks/cli/record_arguments.h"

#include <cstdio>
#include <filesystem>

#include "reports/record_store.h"

namespace msdbench {

std::vector<Record> ReadRuns(const std::string& folder) {
  LoadOptions options;
  options.collect_problems = true;
  LoadedRecords loaded = LoadRecords(folder, options);
  if (loaded.records.empty()) {
    throw DataError(loaded.problems.empty()
                        ? folder + ": no record.json in this folder or below it"
                        : loaded.problems.front());
  }
  for (const std::string& problem : loaded.problems) {
    std::fprintf(stderr, "left out: %s\n", problem.c_str());
  }
  for (Record& record : loaded.records) {
    record.source = (std::filesystem::path(folder) / record.source).string();
  }
  return std::move(loaded.records);
}

}  // namespace msdbench
