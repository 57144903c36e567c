// A trained model over a whole split, without gradients.
#pragma once

#include <c10/core/Device.h>

#include <string>
#include <vector>

#include "baselines/models/classifier.h"
#include "benchmarks/metrics.h"
#include "datasets/encoded.h"

namespace msdbench {

// Logits [examples, labels] of each view, float32 on the CPU, in the split's
// order.
ViewLogits RunModel(Classifier& model, const EncodedSplit& split,
                    const std::vector<View>& views, Removal removal,
                    std::int64_t batch_size, c10::Device device);

// Why a split without labels has no scores.
std::string NoLabelsReason(const std::string& split);

// The metrics of one view's logits; none has a value where the split has no
// labels.
std::vector<MetricValue> ScoreView(const std::vector<std::string>& metrics,
                                   const EncodedSplit& split,
                                   const at::Tensor& logits,
                                   double threshold = 0.5);

}  // namespace msdbench
