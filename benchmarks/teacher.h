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
#include "benchmarks/machine/run_memory.h"
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
  // Of one from the cache only the selection, where the file tells it.
  TrainingResult training;
  ViewLogits dev, test;  // logits of all three views
  ViewThresholds thresholds = kHalf;
  ViewScores dev_scores, test_scores;
  bool from_cache = false;
  std::string started;  // when this process began with it: NowText
  double teacher_s = 0, evaluation_s = 0;
  RunMemoryPeak memory;
};

// Trains, or loads from CACHE/teachers/<config hash>/weights.safetensors; a
// damaged file there is trained anew.
TrainedTeacher ObtainTeacher(const DatasetPlan& plan, const PreparedData& data,
                             const Places& places, c10::Device device,
                             const TrainingObserver& observer,
                             const WorkReport& report = {});

// Empty when the teacher's primary dev metric is clearly above the best
// constant prediction (by two standard errors of a constant's score), else one
// line that says where it is: below, at or not clearly above it.
std::string ChanceVerdict(const MetricValue& score, const MetricValue& floor,
                          const std::vector<Example>& examples);

}  // namespace msdbench
