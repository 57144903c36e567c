// Records for the commands that take folders of them.
#pragma once

#include <string>
#include <vector>

#include "reports/record.h"

namespace msdbench {

// Every record below `folder`, whose `source` begins with it. Broken ones are
// named on stderr. Throws DataError when none can be read.
std::vector<Record> ReadRuns(const std::string& folder);

}  // namespace msdbench
