// JSON lines: one JSON object a line.
#pragma once

#include <filesystem>
#include <functional>

#include "datasets/json_record.h"

namespace msdbench {

// Calls `use` with each record in order; the record lives for that call only.
// Accepts a byte order mark, CR LF, blank lines (counted, not read) and a last
// line without its end. Throws DataError with the file and the line number
// when a line is not a JSON object or the file cannot be read. With `on_fault`,
// what is wrong with a line (DataErrors of `use` included) goes there instead,
// and reading goes on with the next line.
void ReadJsonLines(const std::filesystem::path& file,
                   const std::function<void(const JsonRecord&)>& use,
                   const OnFault& on_fault = nullptr);

}  // namespace msdbench
