#include "baselines/methods/objective.h"

#include <ATen/ATen.h>

namespace msdbench {

ObjectiveOptions ReadObjectiveOptions(ConfigReader& reader, Head head) {
  ObjectiveOptions options;
  options.lambda = reader.Number("lambda", options.lambda, 0, 1);
  options.temperature =
      reader.Number("temperature", options.temperature, 1e-3, 1e3);
  enum class Named { kAuto, kKl, kBernoulli, kMse };
  switch (reader.Choice("divergence", Named::kAuto,
                        {{"auto", Named::kAuto},
                         {"kl", Named::kKl},
                         {"bernoulli", Named::kBernoulli},
                         {"mse", Named::kMse}})) {
    case Named::kAuto:
      options.divergence = DefaultDivergence(head);
      break;
    case Named::kKl:
      options.divergence = Divergence::kKl;
      break;
    case Named::kBernoulli:
      options.divergence = Divergence::kBernoulli;
      break;
    case Named::kMse:
      options.divergence = Divergence::kMse;
      break;
  }
  return options;
}

at::Tensor TaskLoss(Head head, const at::Tensor& logits,
                    const at::Tensor& targets) {
  if (head == Head::kSingleLabel) {
    return -at::log_softmax(logits, 1)
                .gather(1, targets.unsqueeze(1))
                .squeeze(1);
  }
  // max(z, 0) - z y + log(1 + exp(-|z|)) = softplus(z) - z y.
  return (at::softplus(logits, 1, 40) - logits * targets).sum(1);
}

ObjectiveTerms ComputeTerms(const ObjectiveOptions& options, Head head,
                            const ViewLogits& student,
                            const ViewLogits& teacher,
                            const at::Tensor& targets) {
  ObjectiveTerms terms;
  terms.task = TaskLoss(head, student[View::kMultimodal], targets);
  for (View view : kViews) {
    if (!student[view].defined() || !teacher[view].defined()) continue;
    terms.distance[static_cast<int>(view)] = Diverge(
        options.divergence, options.temperature, teacher[view], student[view]);
  }
  return terms;
}

at::Tensor Combine(const ObjectiveOptions& options, const ObjectiveTerms& terms,
                   const at::Tensor& weights) {
  at::Tensor distillation = terms[View::kMultimodal];
  if (weights.defined()) {
    distillation = distillation + weights.select(1, 0) * terms[View::kText] +
                   weights.select(1, 1) * terms[View::kImage];
  }
  return ((1 - options.lambda) * terms.task + options.lambda * distillation)
      .mean();
}

}  // namespace msdbench
