// The record of a teacher, trained or from the cache.
#pragma once

#include <filesystem>

#include "benchmarks/run_record.h"

namespace msdbench {

// Its test outputs are written into `folder`.
Json TeacherRecord(const Suite& suite, const DatasetPlan& plan,
                   const PreparedData& data, const TrainedTeacher& teacher,
                   const RunIdentity& identity,
                   const std::filesystem::path& folder);

}  // namespace msdbench
