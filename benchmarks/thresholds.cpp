#include "benchmarks/thresholds.h"

#include <ATen/core/Tensor.h>

#include "baselines/models/view_logits.h"
#include "benchmarks/metrics.h"
#include "datasets/encoded.h"

namespace msdbench {

ViewThresholds ChooseThresholds(ThresholdRule rule,
                                const std::vector<std::string>& metrics,
                                const EncodedSplit& dev,
                                const ViewLogits& logits) {
  ViewThresholds thresholds = kHalf;
  if (rule == ThresholdRule::kFixed || dev.head != Head::kMultiLabel) {
    return thresholds;
  }
  for (View view : kViews) {
    thresholds[static_cast<int>(view)] =
        BestF1Threshold(metrics.front(), dev.examples,
                        logits[view].data_ptr<float>(), dev.label_count);
  }
  return thresholds;
}

void PutThresholds(Json& record, Head head, ThresholdRule rule,
                   const ViewThresholds& thresholds) {
  if (head != Head::kMultiLabel) return;
  Json& entry = record["thresholds"];
  entry = {{"rule", rule == ThresholdRule::kDev ? "dev" : "fixed"}};
  for (View view : kViews) {
    entry[Name(view)] = thresholds[static_cast<int>(view)];
  }
}

}  // namespace msdbench
