// What the methods share whose weights come from saliency: both look at the
// whole training split once, before the first step.
#pragma once

#include "baselines/methods/distillation.h"
#include "baselines/methods/population_saliency.h"

namespace msdbench {

class SaliencyDistillation : public Distillation {
 public:
  void Prepare(const TeacherOutputs& train) override;
  // See ToJson(PopulationSaliency).
  Json Summary() const override { return ToJson(population_); }

 protected:
  SaliencyDistillation(const ObjectiveOptions& objective,
                       const SaliencyOptions& saliency,
                       const MethodContext& context)
      : Distillation(objective, context.head,
                     {View::kMultimodal, View::kText, View::kImage}),
        saliency_(saliency),
        device_(context.device) {}

  // The training split's weights, the same for each of `rows` rows: [rows, 2].
  at::Tensor SplitWeights(std::int64_t rows) const;

  SaliencyOptions saliency_;

 private:
  c10::Device device_;
  PopulationSaliency population_;
  at::Tensor split_weights_;  // [1, 2]
};

}  // namespace msdbench
