#include "baselines/methods/distillation.h"

#include <ATen/ATen.h>

#include "baselines/models/classifier.h"

namespace msdbench {

ObjectiveTerms Distillation::Terms(TrainingStep& step) const {
  return ComputeTerms(
      objective_, head_,
      step.student->Forward(step.batch, views_, step.removal, step.dropout),
      step.teacher, step.batch.targets);
}

StepReport Distillation::Report(const ObjectiveTerms& terms,
                                const at::Tensor& weights,
                                const at::Tensor& total) const {
  StepReport report;
  report.losses.emplace_back("total", total.detach());
  report.losses.emplace_back("task", terms.task.detach().mean());
  for (View view : views_) {
    report.losses.emplace_back(std::string("distance_") + Name(view),
                               terms[view].detach().mean());
  }
  if (weights.defined()) report.weights = weights.detach();
  return report;
}

StepReport Distillation::Step(TrainingStep& step) {
  const ObjectiveTerms terms = Terms(step);
  const at::Tensor weights = Weights(step);
  const at::Tensor total = Combine(objective_, terms, weights);
  total.backward();
  return Report(terms, weights, total);
}

}  // namespace msdbench
