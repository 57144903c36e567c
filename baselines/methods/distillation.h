// What KD and every MSD method share: run the student, compare with the
// teacher view by view, weigh, descend.
#pragma once

#include <vector>

#include "baselines/methods/method.h"
#include "baselines/methods/objective.h"

namespace msdbench {

class Distillation : public Method {
 public:
  StepReport Step(TrainingStep& step) override;

 protected:
  Distillation(const ObjectiveOptions& objective, Head head,
               std::vector<View> views)
      : objective_(objective), head_(head), views_(std::move(views)) {}

  // Weights [batch, 2] (text, image), without gradient; undefined = KD.
  virtual at::Tensor Weights(const TrainingStep& step) = 0;

  ObjectiveTerms Terms(TrainingStep& step) const;
  StepReport Report(const ObjectiveTerms& terms, const at::Tensor& weights,
                    const at::Tensor& total) const;

  ObjectiveOptions objective_;
  Head head_;
  std::vector<View> views_;
};

}  // namespace msdbench
