// Whether two runs were configured alike: by what their configurations say, not
// by their hashes, so that an option added later changes no stored record.
#pragma once

#include <string>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {

struct Record;

// A record's configuration in full, and that part of it (in the same layout)
// that is not at its default. changes: null = unknown, a record of before.
struct StoredConfig {
  Json all;
  Json changes;
};

// A value that is not there is null.
struct ConfigDifference {
  std::string pointer;
  Json first, second;
};

// Sorted by pointer; lists are compared whole. Two configurations agree at a
// pointer when both have it with one value, or when only one has it and there
// it is a default: not among its changes, or, where those are unknown, the
// default of an option that came before records told them. Whatever else only
// one of them has differs.
std::vector<ConfigDifference> ConfigDifferences(const StoredConfig& first,
                                                const StoredConfig& second);

// `/dataset/threshold: "fixed" here, "dev" there`; long values are cut.
std::string DifferenceText(const ConfigDifference& difference,
                           const std::string& first = "here",
                           const std::string& second = "there");

// What runs of one plan and method have in common: a record's configuration,
// method included, without what Record::config leaves out. Needs no
// Record::json.
StoredConfig PlanConfig(const Record& record);

}  // namespace msdbench
