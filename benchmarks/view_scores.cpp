#include "benchmarks/view_scores.h"

namespace msdbench {

std::string NoLabelsReason(const std::string& split) {
  return "split " + split + " has no labels";
}

std::vector<MetricValue> ScoreView(const std::vector<std::string>& metrics,
                                   const EncodedSplit& split,
                                   const at::Tensor& logits, double threshold) {
  if (!split.labelled) return NoScores(metrics, NoLabelsReason(split.name));
  return ScoreLogits(metrics, split.head, split.examples,
                     logits.data_ptr<float>(), split.label_count, threshold);
}

ViewScores ScoreAllViews(const std::vector<std::string>& metrics,
                         const EncodedSplit& split, const ViewLogits& logits,
                         const ViewThresholds& thresholds) {
  ViewScores scores;
  for (View view : kViews) {
    const auto i = static_cast<int>(view);
    scores[i] = ScoreView(metrics, split, logits[view], thresholds[i]);
  }
  return scores;
}

}  // namespace msdbench
