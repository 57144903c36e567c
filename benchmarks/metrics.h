// Scores of predictions, in plain numbers. Definitions follow scikit-learn
// and the data sets' official scripts; see docs/metrics.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "datasets/dataset.h"

namespace msdbench {

// Area under the ROC curve; ties count half (mid-ranks). None when only one
// class is there.
std::optional<double> RocAuc(const std::vector<double>& scores,
                             const std::vector<bool>& positive);

struct F1Scores {
  double micro = 0, macro = 0, weighted = 0, samples = 0;
};
// predicted, actual: [examples * labels], row-major. A class or a row without
// any predicted or actual label scores 0.
F1Scores MultiLabelF1(const std::vector<bool>& predicted,
                      const std::vector<bool>& actual, std::int64_t labels);

struct MetricValue {
  std::string name;
  std::optional<double> value;
  std::string reason;  // why there is none
};

// Logits [examples, labels], row-major, of `examples`. Names: accuracy,
// roc_auc (two labels; score of label 1), multilabel_{micro,macro,weighted,
// samples}_f1 (sigmoid strictly above `threshold`), vqa_accuracy (official
// credit of the best label). Throws UsageError for a name that does not fit the
// head.
std::vector<MetricValue> ScoreLogits(const std::vector<std::string>& metrics,
                                     Head head,
                                     const std::vector<Example>& examples,
                                     const float* logits, std::int64_t labels,
                                     double threshold = 0.5);

// The threshold among 0.01, 0.02, ..., 0.99 with the best value of that F1
// metric on these examples; of equals the nearest to 0.5, then the lower.
double BestF1Threshold(const std::string& metric,
                       const std::vector<Example>& examples,
                       const float* logits, std::int64_t labels);

// No value for any of them, and why.
std::vector<MetricValue> NoScores(const std::vector<std::string>& metrics,
                                  const std::string& reason);

// What the best prediction that ignores the input reaches: one label, or for
// F1 the k commonest labels, each metric with its own best k; AUROC 0.5.
std::vector<MetricValue> ConstantFloor(const std::vector<std::string>& metrics,
                                       Head head,
                                       const std::vector<Example>& examples,
                                       std::int64_t labels);

}  // namespace msdbench
