// A trained model over a whole split, without gradients.
#pragma once

#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "baselines/models/view_logits.h"
#include "datasets/encoded.h"

namespace msdbench {

class Classifier;

// Logits [examples, labels] of each view, float32 on the CPU, in the split's
// order. `progress` is told examples done.
ViewLogits RunModel(Classifier& model, const EncodedSplit& split,
                    const std::vector<View>& views, Removal removal,
                    std::int64_t batch_size, c10::Device device,
                    const std::function<void(std::size_t)>& progress = nullptr);

}  // namespace msdbench
