#include "benchmarks/record_reuse.h"

#include <exception>

#include "benchmarks/run_files.h"
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
  try {
    const Json json = ReadJsonFile(file);
    const Record record = ParseRecord(json, file.string());
    return record.ok && record.config_hash == identity.config_hash &&
           (identity.teacher_hash.empty() ||
            record.teacher_hash == identity.teacher_hash) &&
           HasItsFiles(json, file.parent_path(),
                       models && identity.role == "student");
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

void SetOlderAside(const fs::path& file) {
  if (IsGood(file)) {
    fs::rename(file, SetAside(file));
  } else {
    fs::remove(file);
  }
}

void WriteFailure(const fs::path& file, const Json& record,
                  const NoteLine& note) {
  if (IsGood(file)) SetOlderAside(file);
  WriteRecord(file, record);
  if (Exists(SetAside(file))) {
    note(SetAside(file).string() +
         ": the older result, set aside since this run failed");
  }
}

void WriteSuccess(const fs::path& file, const Json& record) {
  WriteRecord(file, record);
  std::error_code ignored;  // nothing reads it
  fs::remove(SetAside(file), ignored);
}

}  // namespace msdbench
