// A baseline: what the runs of a suite scored when that was last accepted, as
// raw values by seed. `msdbench check` compares with it (gate.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/config_difference.h"
#include "reports/platform.h"
#include "reports/run_matrix.h"
#include "reports/statistics.h"
#include "reports/table.h"

namespace msdbench {

// JSON Schema (draft-07) of a baseline, schemas/baseline.schema.json.
std::string_view BaselineSchema();

// The primary metric of one method on one data set: test split, multimodal
// view.
struct BaselineCell {
  std::string dataset, method, metric;
  bool teacher = false, higher_is_better = true;
  StoredConfig config;      // see PlanConfig
  std::string fingerprint;  // of the data
  std::int64_t test_examples = 0;
  BySeed values;  // fractions, not empty
};

struct Baseline {
  std::string suite;
  std::string measured;  // UTC day of the last run, "2026-01-31"
  std::string version, revision;
  std::optional<int> numerics;  // of the code's arithmetic; none = not told
  Platform platform;
  std::vector<BaselineCell> cells;
};

// "3", or "unknown".
std::string NumericsText(const std::optional<int>& numerics);

// Throws DataError naming `source`, the place and what is wrong; a file of
// another version of the format is refused with how to make it anew.
Baseline ParseBaseline(const Json& json, const std::string& source);
Baseline LoadBaseline(const std::filesystem::path& file);
Json BaselineJson(const Baseline& baseline);
// Whether it is a baseline of any version, well made or not; a run's record or
// the output of a check is none.
bool IsBaseline(const Json& json);
// Whether it is a baseline of a version that is refused.
bool IsOtherBaselineVersion(const Json& json);

// Of whole runs with Record::json, all of one suite, plan and platform; from
// `more_teachers` only teachers are taken, whose seed may be another. Throws
// DataError naming the record that does not fit.
Baseline MakeBaseline(const std::vector<Record>& records,
                      const std::vector<Record>& more_teachers,
                      const MatrixOrder& order = {});

// One row a cell whose values moved, came or went; no rows: nothing moved.
Table MovedCells(const Baseline& before, const Baseline& after);

}  // namespace msdbench
