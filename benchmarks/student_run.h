// One student: trained by one method with one seed, scored, recorded.
#pragma once

#include <c10/core/Device.h>

#include <filesystem>

#include "benchmarks/prepared_data.h"
#include "benchmarks/run_record.h"
#include "benchmarks/suite.h"
#include "benchmarks/teacher.h"
#include "benchmarks/teacher_outputs.h"

namespace msdbench {

struct StudentRun {
  const Suite& suite;
  const DatasetPlan& plan;
  const MethodPlan& method;
  std::uint64_t seed;
  const PreparedData& data;
  const TrainedTeacher& teacher;
  const TeacherOutputs& teacher_outputs;
  const Places& places;
  c10::Device device;
  bool save_model;  // into the run's folder, in HuggingFace's layout
};

RunIdentity IdentityOf(const StudentRun& run);

// Trains and scores on dev and test in all three views; writes the predictions
// into `folder`. Returns the finished record. Throws Error.
Json RunStudent(const StudentRun& run, const std::filesystem::path& folder,
                const TrainingObserver& observer);

}  // namespace msdbench
