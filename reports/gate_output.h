// What a check says: to people, to programs, and to the two usual kinds of
// continuous integration.
#pragma once

#include <string>
#include <vector>

#include "reports/gate.h"
#include "reports/table.h"

namespace msdbench {

// One row a cell, in percent.
Table GateTable(const GateResult& result);

// One line a failing cell or problem, with both values; empty when it passed.
std::vector<std::string> GateFailures(const GateResult& result);
// One line each: improvements, numbers that moved on the same machine, cells
// that the baseline does not have, and where the runs are from.
std::vector<std::string> GateNotes(const GateResult& result);

// The fields are told in docs/gate.md. Values are fractions, as in records.
Json GateJson(const GateResult& result);

// JUnit XML as Jenkins and GitLab read it: one test case a cell. A regression
// is a failure, a run that is missing, failed or not comparable an error, a
// cell that the baseline lacks is skipped.
std::string GateJUnit(const GateResult& result);

// Workflow commands of GitHub Actions: an error for each failure, a warning for
// each number that moved where equal ones were expected.
std::vector<std::string> GateAnnotations(const GateResult& result);

}  // namespace msdbench
