#include "baselines/methods/features/attention_transfer.h"

#include <ATen/ATen.h>

#include "baselines/methods/features/shapes.h"
#include "baselines/methods/features/unit_vectors.h"

namespace msdbench {

at::Tensor AttentionTransferLoss(const at::Tensor& teacher,
                                 const at::Tensor& student, double power) {
  const auto [wanted, given] = PoolToSmaller(teacher.detach(), student);
  const auto map = [&](const at::Tensor& features) {
    return UnitVectors(features.abs().pow(power).mean(1).flatten(1));
  };
  return (map(given) - map(wanted)).square().mean();
}

}  // namespace msdbench
