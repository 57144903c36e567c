// A teacher's logits of the three views, computed once and stored by content:
// every method, seed and epoch reads the same file.
#pragma once

#include <c10/core/Device.h>

#include <filesystem>
#include <memory>
#include <string>

#include "baselines/methods/method.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/work_report.h"
#include "reports/safetensors.h"

namespace msdbench {

// Outputs together with the mapped file they live in.
struct StoredOutputs {
  std::shared_ptr<SafetensorsFile> file;
  TeacherOutputs outputs;
  bool from_cache = false;
};

// What stored outputs depend on: teacher weights, inputs, removal, split.
std::string TeacherOutputsKey(const std::string& weights_hash,
                              const PreparedData& data, Removal removal,
                              const EncodedSplit& split);

// The outputs on data.train, from CACHE/teacher_outputs/<key>.safetensors;
// computed and written there first when missing or damaged.
StoredOutputs ObtainTeacherOutputs(Classifier& teacher,
                                   const std::string& weights_hash,
                                   const PreparedData& data, Removal removal,
                                   std::int64_t batch_size,
                                   const std::filesystem::path& cache,
                                   c10::Device device,
                                   const WorkReport& report = {});

}  // namespace msdbench
