// Tables as CSV, for a spreadsheet or a data frame.
#pragma once

#include <string>

#include "reports/table.h"

namespace msdbench {

// RFC 4180 with line feeds: a line of column titles, then the cells' texts.
std::string RenderCsv(const Table& table);

}  // namespace msdbench
