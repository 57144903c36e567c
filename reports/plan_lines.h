// How runs were configured otherwise than somebody expected, for people.
#pragma once

#include <string>
#include <vector>

#include "reports/config_difference.h"
#include "reports/record.h"

namespace msdbench {

// `/method/options/temperature: 4 in the baseline, 2 in kd seeds 1, 2`: one
// line each difference of the runs' plans from `plan`, which `where` names. Of
// many differences the first few and how many more there are.
std::vector<std::string> PlanLines(const StoredConfig& plan,
                                   const std::string& where,
                                   const std::vector<const Record*>& runs);

}  // namespace msdbench
