#include "baselines/methods/features/attention_transfer.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "baselines/methods/features/unit_vectors.h"

namespace msdbench {

at::Tensor AttentionTransferLoss(const at::Tensor& teacher,
                                 const at::Tensor& student, double power) {
  const std::int64_t height = std::min(teacher.size(2), student.size(2));
  const std::int64_t width = std::min(teacher.size(3), student.size(3));
  const auto map = [&](const at::Tensor& features) {
    const at::Tensor pooled =
        at::adaptive_avg_pool2d(features, {height, width});
    return UnitVectors(pooled.abs().pow(power).mean(1).flatten(1));
  };
  return (map(student) - map(teacher.detach())).square().mean();
}

}  // namespace msdbench
