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

// The metrics of one view's logits.
std::vector<MetricValue> ScoreView(const std::vector<std::string>& metrics,
                                   const EncodedSplit& split,
                                   const at::Tensor& logits);

}  // namespace msdbench
