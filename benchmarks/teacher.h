// The teacher of a data set: trained by the harness once, stored by what it
// depends on, scored on all three views before anybody learns from it.
#pragma once

#include <c10/core/Device.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "baselines/models/classifier.h"
#include "benchmarks/learner_model.h"
#include "benchmarks/prepared_data.h"
#include "benchmarks/suite.h"
#include "benchmarks/training.h"
#include "benchmarks/view_scores.h"
#include "benchmarks/work_report.h"

namespace msdbench {

struct TrainedTeacher {
  Classifier model{nullptr};
  std::optional<WeightsOrigin> origin;
  std::string weights_hash, config_hash;
  TrainingResult training;  // empty when the teacher came from the cache
  ViewLogits dev, test;     // logits of all three views
  ViewThresholds thresholds = kHalf;
  ViewScores dev_scores, test_scores;
  bool from_cache = false;
  double teacher_s = 0;
};

// What the teacher depends on, as JSON for its record and its hash.
Json TeacherConfig(const DatasetPlan& plan);
std::string TeacherConfigHash(const DatasetPlan& plan,
                              const PreparedData& data);

// Trains, or loads from CACHE/teachers/<config hash>/weights.safetensors; a
// damaged file there is trained anew.
TrainedTeacher ObtainTeacher(const DatasetPlan& plan, const PreparedData& data,
                             const Places& places, c10::Device device,
                             const TrainingObserver& observer,
                             const WorkReport& report = {});

// Empty when the teacher's primary dev metric is clearly above the best
// constant prediction (by two standard errors of a constant's score), else one
// line that says how far it is.
std::string ChanceVerdict(const MetricValue& score, const MetricValue& floor,
                          const std::vector<Example>& examples);

}  // namespace msdbench
