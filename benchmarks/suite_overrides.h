// What the command line changes in a suite (--set).
#pragma once

#include <string>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {

// Changes made on the command line, in the order given: "a.b=value", where
// value is JSON, or a text when it is not. One of a section (teacher, input,
// ...) is for every data set, also for those with an entry of their own.
void ApplyOverrides(Json& suite, const std::vector<std::string>& overrides);

}  // namespace msdbench
