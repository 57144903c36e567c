#include "reports/scored_examples.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/mcnemar.h"
#include "reports/sign_flip.h"

namespace msdbench {
namespace {

void ScoreCredits(std::vector<double> credits, ScoredExamples& scored) {
  scored.value = Summarize(credits).mean;
  scored.standard_error = MeanStandardError(credits);
  scored.credits = std::move(credits);
}

std::vector<double> Correct(const StoredPredictions& stored) {
  std::vector<double> correct;
  for (std::size_t i = 0; i < stored.examples; ++i) {
    const float* row = stored.logits.data() + i * stored.labels;
    const auto best = std::max_element(row, row + stored.labels) - row;
    correct.push_back(best == stored.gold_label[i] ? 1 : 0);
  }
  return correct;
}

void ScoreArea(const StoredPredictions& stored, ScoredExamples& scored) {
  std::vector<double> scores;
  std::vector<char> positive;
  for (std::size_t i = 0; i < stored.examples; ++i) {
    // The softmax of two logits rises with their difference.
    scores.push_back(static_cast<double>(stored.logits[2 * i + 1]) -
                     static_cast<double>(stored.logits[2 * i]));
    positive.push_back(stored.gold_label[i] == 1);
  }
  scored.placements = PlacementsOf(scores, positive);
  const RocArea area = AreaOf(scored.placements);
  scored.value = area.area;
  scored.standard_error = area.standard_error;
}

void ScoreLabels(const StoredPredictions& stored, double threshold,
                 ScoredExamples& scored) {
  const double limit = std::log(threshold / (1 - threshold));
  for (std::size_t i = 0; i < stored.examples; ++i) {
    LabelCounts counts;
    for (std::size_t label = 0; label < stored.labels; ++label) {
      const std::size_t at = i * stored.labels + label;
      const bool predicted = stored.logits[at] > limit;
      const bool actual = stored.gold_labels[at] != 0;
      counts.hit += predicted && actual;
      counts.predicted += predicted;
      counts.actual += actual;
    }
    scored.counts.push_back(counts);
  }
  if (stored.examples > 0) scored.value = MicroF1(scored.counts);
  scored.standard_error = MicroF1StandardError(scored.counts);
}

}  // namespace

bool HasExampleTest(const std::string& metric) {
  return metric == "accuracy" || metric == "roc_auc" ||
         metric == "multilabel_micro_f1" || metric == "vqa_accuracy";
}

std::optional<ScoredExamples> ScoreExamples(const StoredPredictions& stored,
                                            const std::string& metric,
                                            double threshold) {
  ScoredExamples scored;
  scored.examples = stored.examples;
  const bool answers = stored.labels == 0;
  const bool many = !stored.gold_labels.empty();
  if (metric == "vqa_accuracy" && answers) {
    ScoreCredits(stored.credits, scored);
  } else if (metric == "accuracy" && !answers && !many) {
    ScoreCredits(Correct(stored), scored);
  } else if (metric == "roc_auc" && stored.labels == 2 && !many) {
    ScoreArea(stored, scored);
  } else if (metric == "multilabel_micro_f1" && many) {
    ScoreLabels(stored, threshold, scored);
  } else {
    return std::nullopt;
  }
  return scored;
}

ExampleTest TestModels(const std::string& metric, const ScoredExamples& first,
                       const ScoredExamples& second, const Random& random) {
  if (metric == "roc_auc") {
    return TestAreas(first.placements, second.placements);
  }
  if (metric == "multilabel_micro_f1") {
    return TestMicroF1(first.counts, second.counts, random);
  }
  return metric == "accuracy"
             ? TestAccuracies(first.credits, second.credits)
             : TestCredits(first.credits, second.credits, random);
}

}  // namespace msdbench
