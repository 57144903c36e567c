// Whether runs that are judged together were made in one way, and in what not.
#pragma once

#include <string>
#include <vector>

#include "reports/config_difference.h"
#include "reports/record.h"

namespace msdbench {

// "kd seed 1".
std::string RunName(const Record& record);

// `/method/options/temperature: 4 in the baseline, 2 in kd seeds 1, 2`: one
// line each difference of the runs' plans from `plan`, which `where` names. Of
// many differences the first few and how many there are.
std::vector<std::string> PlanLines(const StoredConfig& plan,
                                   const std::string& where,
                                   const std::vector<const Record*>& runs);

// One line each, empty when the whole runs can be judged together: a data set's
// students of different plans (but for the method's options) or of different
// teachers, and runs of different numerics versions. Needs Record::json.
std::vector<std::string> MixedRuns(const std::vector<Record>& records);

}  // namespace msdbench
