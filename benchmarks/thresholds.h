// Above which probability a label counts as predicted, where an example may
// have several (F1).
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "reports/json_file.h"

namespace msdbench {

struct EncodedSplit;
struct ViewLogits;

enum class ThresholdRule {
  kFixed,  // 0.5
  kDev,    // best on dev for each view, by the first metric; never on test
};

// Of one view's logits; 0.5 by the rule kFixed, and where the head has no
// thresholds.
double ChooseThreshold(ThresholdRule rule,
                       const std::vector<std::string>& metrics,
                       const EncodedSplit& dev, const at::Tensor& logits);

// In the order of kViews.
using ViewThresholds = std::array<double, 3>;
inline constexpr ViewThresholds kHalf = {0.5, 0.5, 0.5};

// ChooseThreshold of each view.
ViewThresholds ChooseThresholds(ThresholdRule rule,
                                const std::vector<std::string>& metrics,
                                const EncodedSplit& dev,
                                const ViewLogits& logits);

// {"rule", "multimodal", "text", "image"}, put into the record of a data set
// whose examples may have several labels.
void PutThresholds(Json& record, Head head, ThresholdRule rule,
                   const ViewThresholds& thresholds);

}  // namespace msdbench
