#include "baselines/methods/saliency_distillation.h"

#include <ATen/ATen.h>

namespace msdbench {

void SaliencyDistillation::Prepare(const TeacherOutputs& train) {
  population_ = MeasurePopulation(saliency_, head_, train);
  split_weights_ = population_.weights.unsqueeze(0).to(device_);
}

at::Tensor SaliencyDistillation::SplitWeights(std::int64_t rows) const {
  return split_weights_.expand({rows, 2});
}

}  // namespace msdbench
