// Which means of a column lead.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/table.h"

namespace msdbench {

// Best and second of the values that are there. Equal values share a rank, and
// two that are best leave no second. A value alone has no rank.
std::vector<Rank> RankValues(const std::vector<std::optional<double>>& values,
                             bool higher_is_better);

// What the marks say, for below a table.
std::string RanksText(const std::string& reference);

}  // namespace msdbench
