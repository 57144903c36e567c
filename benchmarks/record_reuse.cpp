#include "benchmarks/record_reuse.h"

#include <exception>

#include "reports/error.h"
#include "reports/record.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

fs::path SetAside(const fs::path& file) {
  return file.parent_path() / kSetAsideName;
}

bool Exists(const fs::path& file) {
  std::error_code unreadable;
  return fs::exists(file, unreadable);
}

bool TellsOf(const fs::path& file, const RunIdentity& identity, bool models,
             const NoteLine& note) {
  if (!Exists(file)) return false;
  const fs::path folder = file.parent_path();
  try {
    const Json json = ReadJsonFile(file);
    const Record record = ParseRecord(json, file.string());
    if (models && identity.role == "student" &&
        !Exists(folder / kModelFolder)) {
      return false;
    }
    for (const char* beside : {"predictions", "submission"}) {
      const Json name = json.value(beside, Json());
      if (!name.is_null() && !Exists(folder / name.get<std::string>())) {
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

bool IsGood(const fs::path& file) {
  if (!Exists(file)) return false;
  try {
    return ParseRecord(ReadJsonFile(file), file.string()).ok;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

bool IsDone(const fs::path& file, const RunIdentity& identity, bool models,
            const NoteLine& note) {
  if (TellsOf(file, identity, models, note)) return true;
  const fs::path aside = SetAside(file);
  if (!TellsOf(aside, identity, models, note)) return false;
  fs::rename(aside, file);
  return true;
}

void WriteFailure(const fs::path& file, const Json& record,
                  const NoteLine& note) {
  if (IsGood(file)) {
    fs::rename(file, SetAside(file));
    note(file.string() + ": the older result is now " + kSetAsideName +
         " beside it, since this run failed");
  }
  WriteRecord(file, record);
}

void WriteSuccess(const fs::path& file, const Json& record) {
  WriteRecord(file, record);
  std::error_code ignored;  // nothing reads it
  fs::remove(SetAside(file), ignored);
}

}  // namespace msdbench
