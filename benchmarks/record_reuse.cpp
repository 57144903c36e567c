#include "benchmarks/record_reuse.h"

#include <exception>

#include "reports/error.h"
#include "reports/record.h"

namespace msdbench {

bool IsDone(const std::filesystem::path& file, const RunIdentity& identity,
            bool models, const std::function<void(const std::string&)>& note) {
  std::error_code unreadable;
  if (!std::filesystem::exists(file, unreadable)) return false;
  const std::filesystem::path folder = file.parent_path();
  try {
    const Json json = ReadJsonFile(file);
    const Record record = ParseRecord(json, file.string());
    if (models && identity.role == "student" &&
        !std::filesystem::exists(folder / kModelFolder)) {
      return false;
    }
    for (const char* beside : {"predictions", "submission"}) {
      const Json name = json.value(beside, Json());
      if (!name.is_null() &&
          !std::filesystem::exists(folder / name.get<std::string>())) {
        return false;
      }
    }
    return record.ok && record.config_hash == identity.config_hash;
  } catch (const std::exception& error) {
    note(std::string("running again, since the record is broken: ") +
         error.what());
    return false;
  }
}

bool IsWorthKeeping(const std::filesystem::path& file,
                    const RunIdentity& identity) {
  std::error_code unreadable;
  if (!std::filesystem::exists(file, unreadable)) return false;
  try {
    const Record record = ParseRecord(ReadJsonFile(file), file.string());
    return record.ok && (record.config_hash == identity.config_hash ||
                         identity.config_hash == kUnknownHash);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace msdbench
