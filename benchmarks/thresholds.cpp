#include "benchmarks/thresholds.h"

#include "baselines/models/view_logits.h"
#include "benchmarks/metrics.h"
#include "datasets/encoded.h"

namespace msdbench {

double ChooseThreshold(ThresholdRule rule,
                       const std::vector<std::string>& metrics,
                       const EncodedSplit& dev, const at::Tensor& logits) {
  if (rule == ThresholdRule::kFixed || dev.head != Head::kMultiLabel) {
    return 0.5;
  }
  return BestF1Threshold(metrics.front(), dev.examples,
                         logits.data_ptr<float>(), dev.label_count);
}

ViewThresholds ChooseThresholds(ThresholdRule rule,
                                const std::vector<std::string>& metrics,
                                const EncodedSplit& dev,
                                const ViewLogits& logits) {
  ViewThresholds thresholds = kHalf;
  if (rule == ThresholdRule::kFixed) return thresholds;
  for (View view : kViews) {
    thresholds[static_cast<int>(view)] =
        ChooseThreshold(rule, metrics, dev, logits[view]);
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
