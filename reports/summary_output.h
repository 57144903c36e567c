// A mean over seeds as commands print it.
#pragma once

#include <optional>
#include <string>

#include "reports/json_file.h"
#include "reports/statistics.h"

namespace msdbench {

// Of fractions, in percent: "71.25 ± 0.40 (3)", in brackets how many; "-" for
// none.
std::string SummaryText(const Summary& summary);

// {"n", "mean", "sd"}, fractions as they are.
Json SummaryJson(const Summary& summary);
Json NumberOrNull(const std::optional<double>& value);

}  // namespace msdbench
