// A metric taken apart into what each test example adds to it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/delong.h"
#include "reports/micro_f1.h"
#include "reports/paired_examples.h"
#include "reports/random.h"
#include "reports/stored_predictions.h"

namespace msdbench {

// Is there a test by example for this metric? Of accuracy, roc_auc,
// multilabel_micro_f1 and vqa_accuracy.
bool HasExampleTest(const std::string& metric);

struct ScoredExamples {
  std::size_t examples = 0;
  std::optional<double> value;           // the metric; none if undefined
  std::optional<double> standard_error;  // over test examples
  // What the metric is made of: one of them.
  std::vector<double> credits;      // accuracy, vqa_accuracy
  Placements placements;            // roc_auc
  std::vector<LabelCounts> counts;  // multilabel_micro_f1
};

// Definitions as in benchmarks/metrics.h. None when the predictions are of
// another kind than the metric's. threshold: the probability above which one of
// several labels counts.
std::optional<ScoredExamples> ScoreExamples(const StoredPredictions& stored,
                                            const std::string& metric,
                                            double threshold = 0.5);

// McNemar's exact test, a sign-flip permutation of credits, DeLong's test or a
// paired bootstrap. Both of the same metric and the same examples.
ExampleTest TestModels(const std::string& metric, const ScoredExamples& first,
                       const ScoredExamples& second, const Random& random);

}  // namespace msdbench
