// A teacher or a student before its first step.
#pragma once

#include <optional>

#include "baselines/models/classifier.h"
#include "baselines/models/pretrained.h"
#include "benchmarks/places.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/suite.h"

namespace msdbench {

struct LearnerModel {
  Classifier model{nullptr};
  std::optional<WeightsOrigin> origin;  // none: every weight was drawn
};

// Shaped by the plan and the data, drawn from `seed`, then filled as
// learner.init says; `teacher` is where "teacher" takes its layers from.
LearnerModel MakeLearnerModel(const Learner& learner, const PreparedData& data,
                              std::uint64_t seed, const Places& places,
                              const LearnerModel& teacher = {});

// Whatever of the plan's first weights can be checked without data: folders,
// files, names, sizes, settings. Throws DataError, UsageError.
void CheckFirstWeights(const DatasetPlan& plan, const Places& places);

// In HuggingFace's layout; see SaveModelFolder.
void SaveLearnerModel(const LearnerModel& learner, const PreparedData& data,
                      const std::filesystem::path& folder);

}  // namespace msdbench
