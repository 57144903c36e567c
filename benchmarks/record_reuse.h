// Whether a record that is there spares a run, or outlives its failure.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "benchmarks/run_record.h"

namespace msdbench {

// Of a run whose data or teacher never came to be.
inline const std::string kUnknownHash(64, '0');

// Does the record tell of this very run, with all files that it names, and with
// a student's model if `models` are wanted? `note` takes a line about a record
// that cannot be read.
bool IsDone(const std::filesystem::path& file, const RunIdentity& identity,
            bool models, const std::function<void(const std::string&)>& note);

// A result that is there outlives a failure that does not concern it: of the
// same configuration, or of one that could not even be told.
bool IsWorthKeeping(const std::filesystem::path& file,
                    const RunIdentity& identity);

}  // namespace msdbench
