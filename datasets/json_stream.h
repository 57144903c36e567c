// Large JSON files with one long array of objects, read one object at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "datasets/json_record.h"

namespace msdbench {

// Calls `use` with each object of the array under the top-level `key`, in
// order. The file is streamed and the record lives for that call only, so that
// memory does not grow with the file. Returns the file's SHA-256, for which
// nothing is read twice. Throws DataError with the file and the place
// "/KEY/NUMBER" when the file is not JSON, has no such array or holds anything
// but objects in it. With `on_fault`, items that are no objects and DataErrors
// of `use` go there instead, and reading goes on with the next item.
std::string ReadJsonArray(const std::filesystem::path& file,
                          const std::string& key,
                          const std::function<void(const JsonRecord&)>& use,
                          const OnFault& on_fault = nullptr);

}  // namespace msdbench
