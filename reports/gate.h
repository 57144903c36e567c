// The accuracy gate: the runs of today against a stored baseline. Which cells
// fell, which are missing, and which moved at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/baseline.h"
#include "reports/drop_rule.h"

namespace msdbench {

struct GateOptions {
  DropRule rule;
  // Where machine and build are the baseline's, any other number fails too.
  bool strict = false;
  // false: as if made on another machine, so that no cell passes by equality.
  bool exact = true;
  MatrixOrder order;
  // Those that have to be there; empty = the ones that are, so that a seed
  // which no method has does not show.
  std::vector<std::uint64_t> seeds;
};

enum class Verdict {
  kEqual,      // every seed gave the baseline's number exactly
  kPass,       // no drop that is both more than noise and more than tolerated
  kImproved,   // the same two conditions, upwards
  kNew,        // not in the baseline
  kChanged,    // GateOptions::strict alone: equal numbers were expected
  kRegressed,  // a drop beyond the tolerance and more than noise
  kMissing,    // a run or its metric is not there
  kFailed,     // a run failed, or its metric is undefined
  kIncomparable,  // other data or another configuration than the baseline's,
                  // or not one configuration
  kUntested,      // the baseline has too few values for a test
};
std::string Name(Verdict verdict);  // "equal", "pass", ...
// Whether a check with such a cell fails: all from kChanged on.
bool Fails(Verdict verdict);

// Where machine, build and numerics are the baseline's and yet a number is not.
struct ExactChange {
  std::uint64_t seed = 0;
  double before = 0, after = 0;
};

struct GateCell {
  std::string dataset, method, metric;
  bool teacher = false, higher_is_better = true;
  Verdict verdict = Verdict::kPass;
  Summary before, after;  // all seeds of the baseline; those of the check
  std::optional<double> change;  // after's mean - before's
  // One-sided, for a drop: by itself, and after Holm over the check's cells.
  std::optional<double> p, p_holm;
  std::size_t exact = 0;  // runs equal to the baseline's, bit for bit
  std::vector<ExactChange> changes;
  std::vector<std::string> notes;  // one line each: what is wrong
};

struct GateResult {
  std::string suite;
  GateOptions options;
  Baseline baseline;              // without its cells: where it comes from
  std::string version, revision;  // of the runs checked
  std::vector<std::uint64_t> seeds;
  std::size_t family = 0;  // cells that Holm's correction counts
  std::vector<GateCell> cells;
  std::vector<std::string> notes;     // platform, what was not checked
  std::vector<std::string> problems;  // of the whole check; any fails it

  bool passed() const;
};

// A data set's students of one check as one cell beside theirs: the mean over
// the methods, by seed. A fault common to all shows there first.
inline constexpr const char* kAllStudents = "all students";

// Configurations are compared by content (config_difference.h). Runs of another
// numerics version than the baseline's are judged as those of another machine.
// `records` need Record::json; `problems` are those met when reading them.
// Every run that the baseline and the check's seeds call for has to be there.
GateResult CheckAgainst(const Baseline& baseline,
                        const std::vector<Record>& records,
                        const std::vector<std::string>& problems = {},
                        const GateOptions& options = {});

}  // namespace msdbench
