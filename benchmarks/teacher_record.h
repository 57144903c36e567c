// The record of a teacher, trained or from the cache.
#pragma once

#include <c10/core/Device.h>

#include <filesystem>

#include "benchmarks/run_record.h"

namespace msdbench {

// With data = nullptr, where they never came to be, the configuration's hash is
// kUnknownHash.
RunIdentity TeacherIdentity(const DatasetPlan& plan, const PreparedData* data,
                            c10::Device device);

// Its test outputs are written into `folder`.
Json TeacherRecord(const Suite& suite, const DatasetPlan& plan,
                   const PreparedData& data, const TrainedTeacher& teacher,
                   const RunIdentity& identity,
                   const std::filesystem::path& folder);

}  // namespace msdbench
