// Large JSON files with one long array of objects, read one object at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "datasets/json_record.h"

namespace msdbench {

// Calls `use` with each object of the array under the top-level `key`, in
// order; the record lives for that call only, so memory stays at the file's
// size. Throws DataError with the file and the place "/KEY/NUMBER" when the
// file is not JSON, has no such array or holds anything but objects in it.
void ReadJsonArray(const std::filesystem::path& file, const std::string& key,
                   const std::function<void(const JsonRecord&)>& use);

// The parser's own words without its prefix and position, cut to one line.
std::string ReasonOf(const Json::parse_error& error);

}  // namespace msdbench
