// Whether a record that is there spares a run, and what becomes of it when a
// run in its place fails.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "benchmarks/run_record.h"

namespace msdbench {

inline constexpr const char* kSetAsideName = "record.before-failure.json";

using NoteLine = std::function<void(const std::string&)>;

// Does the record tell of this very run, with all files that it names, and with
// a student's model if `models` are wanted? `note` takes a line about a record
// that cannot be read. A good record that was set aside is tried too, and is
// put back where it is the one.
bool IsDone(const std::filesystem::path& file, const RunIdentity& identity,
            bool models, const NoteLine& note);

// Before a run is done again: whoever looks while it runs, or after it was
// killed, finds no older result in its place. A good one stays beside it as
// kSetAsideName, which no report reads.
void SetOlderAside(const std::filesystem::path& file);

// A failure takes the place of an older good record, which nobody may take for
// today's; that one is set aside too.
void WriteFailure(const std::filesystem::path& file, const Json& record,
                  const NoteLine& note);

// Also removes what was set aside.
void WriteSuccess(const std::filesystem::path& file, const Json& record);

}  // namespace msdbench
