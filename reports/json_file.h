// JSON in and out of files: checked against a schema, written atomically.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "reports/error.h"

namespace msdbench {

// Keeps the order in which keys were written, so that files diff well.
using Json = nlohmann::ordered_json;

// Reads a whole text file. Throws Error(code) naming the file.
std::string ReadTextFile(const std::filesystem::path& file,
                         ExitCode code = ExitCode::kData);

// Parses JSON (// and /* */ comments allowed). Throws Error(code) with
// `source` (a file name), line and column. A key given twice in one object,
// more than 10,000 keys in one object and nesting deeper than 200 levels are
// errors too.
Json ParseJson(std::string_view text, const std::string& source,
               ExitCode code = ExitCode::kData);
Json ReadJsonFile(const std::filesystem::path& file,
                  ExitCode code = ExitCode::kData);

// Checks `document` against a JSON Schema (draft-07, local $ref only). Throws
// Error(code) that names `source`, the JSON pointer of the innermost fault, the
// offending value and what is allowed. Schemas are compiled once a process; any
// number of threads may call.
void CheckJson(const Json& document, std::string_view schema,
               const std::string& source, ExitCode code);

// Writes to a temporary name in the same folder (made when missing), flushes
// it to disk, then renames: readers see the old file or the new one, whole.
// Throws RunError and leaves the old file when that cannot be done.
void WriteFileAtomically(const std::filesystem::path& file,
                         std::string_view content);
// The same with the content in parts, written one after another.
void WriteFileAtomically(const std::filesystem::path& file,
                         const std::vector<std::string_view>& parts);

}  // namespace msdbench
