#include "reports/failed_start.h"

#include <fmt/format.h>

#include <exception>

#include "reports/json_file.h"

namespace msdbench {

namespace fs = std::filesystem;

void NoteFailedStart(const fs::path& store, const std::string& error) noexcept {
  try {
    if (!fs::is_directory(store)) return;
    WriteFileAtomically(store / kFailedStartName,
                        Json{{"error", error}}.dump(2) + "\n");
  } catch (const std::exception&) {
    return;
  }
}

void ForgetFailedStart(const fs::path& store) {
  fs::remove(store / kFailedStartName);
}

std::string FailedStartText(const fs::path& file) {
  std::string error = "unknown";
  try {
    const Json json = ReadJsonFile(file);
    if (json.is_object()) error = json.value("error", error);
  } catch (const std::exception& unreadable) {
    error = unreadable.what();
  }
  return fmt::format(
      "{}: the last run into this folder stopped before it began, so what is "
      "here is older: {}",
      file.parent_path().string(), error);
}

}  // namespace msdbench
