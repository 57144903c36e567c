#include "benchmarks/run_cost.h"

#include <algorithm>

#include "baselines/methods/method.h"

namespace msdbench {

double StepCost(const std::string& method_kind) {
  for (const MethodKind& known : MethodKinds()) {
    if (known.name == method_kind) return known.cost;
  }
  return 1;
}

double TrainingCost(const Learner& learner, double step_cost) {
  const VisualBertOptions& bert = learner.model.bert;
  const double size = static_cast<double>(bert.layers * bert.hidden) *
                      static_cast<double>(bert.hidden + bert.intermediate);
  const double passes = static_cast<double>(
      std::max(learner.training.epochs, learner.training.updates / 100));
  // Fixed work of small models: images, optimizer, bookkeeping.
  constexpr double kOverhead = 20000;
  return step_cost * passes * (size + kOverhead);
}

double TrainingMemoryGib(const DatasetPlan& plan, const Learner& learner,
                         std::size_t views) {
  const VisualBertOptions& bert = learner.model.bert;
  const auto hidden = static_cast<double>(bert.hidden);
  const auto within = static_cast<double>(bert.intermediate);
  const auto layers = static_cast<double>(bert.layers);
  // A vocabulary from a file is most likely BERT's.
  const auto words = static_cast<double>(
      plan.vocabulary_file.empty() ? plan.vocabulary_size : bert.vocabulary);
  const double parameters =
      layers * (4 * hidden * hidden + 2 * hidden * within) +
      hidden * (words + static_cast<double>(bert.positions));
  // The value, its gradient and the gradient's sum, two moments, a copy.
  constexpr double kCopies = 6;

  const std::int64_t grid = plan.features.grid > 0 ? plan.features.grid : 7;
  // Detectors are usually asked for a hundred boxes at most.
  const std::int64_t boxes =
      plan.features.tokens > 0 ? plan.features.tokens : 100;
  const std::int64_t visual = plan.features.FromPixels()
                                  ? learner.model.image.Tokens()
                              : plan.features.store.empty() ? grid * grid
                                                            : boxes;
  const auto sequence =
      static_cast<double>(plan.input.max_text_tokens + visual);
  // Text alone and image alone make up one more sequence.
  const double tokens = (views > 1 ? 2 : 1) * sequence;
  // Of each token a layer keeps its input, queries, keys, values, context, two
  // normed sums, the inner activation with its slope, and attention's shares;
  // as much as two layers more is on the way while gradients are made.
  const double kept =
      (layers + 2) *
      (8 * hidden + 2 * within + static_cast<double>(bert.heads) * sequence);
  const double activations =
      static_cast<double>(learner.training.batch_size) * tokens * kept;
  constexpr double kGib = 1024.0 * 1024.0 * 1024.0;
  return (kCopies * parameters + activations) * sizeof(float) / kGib;
}

}  // namespace msdbench
