// Single runs for people: a line each in a list, or one in full.
#pragma once

#include <string>
#include <vector>

#include "reports/record.h"
#include "reports/table.h"

namespace msdbench {

// Data set, method, seed, status, primary metric (test split, multimodal view)
// and seconds. Failed runs say why.
Table RunTable(const std::vector<Record>& records);
Json RunsJson(const std::vector<Record>& records);

// One record, which needs Record::json, as Markdown: what ran, scores by view,
// epochs with weights, timings, environment, problems.
std::string RunText(const Record& record);

}  // namespace msdbench
