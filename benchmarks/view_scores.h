// Scores of a model's outputs on a whole split.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "baselines/models/view_logits.h"
#include "benchmarks/metrics.h"
#include "benchmarks/thresholds.h"
#include "datasets/encoded.h"

namespace msdbench {

// Why a split without labels has no scores.
std::string NoLabelsReason(const std::string& split);

// The metrics of one view's logits; none has a value where the split has no
// labels.
std::vector<MetricValue> ScoreView(const std::vector<std::string>& metrics,
                                   const EncodedSplit& split,
                                   const at::Tensor& logits,
                                   double threshold = 0.5);

// Metrics of each view, in the order of kViews.
using ViewScores = std::array<std::vector<MetricValue>, 3>;
ViewScores ScoreAllViews(const std::vector<std::string>& metrics,
                         const EncodedSplit& split, const ViewLogits& logits,
                         const ViewThresholds& thresholds);

}  // namespace msdbench
