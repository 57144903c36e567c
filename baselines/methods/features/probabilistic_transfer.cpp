#include "baselines/methods/features/probabilistic_transfer.h"

#include <ATen/ATen.h>

#include "baselines/methods/features/unit_vectors.h"

namespace msdbench {

at::Tensor ProbabilisticTransferLoss(const at::Tensor& teacher,
                                     const at::Tensor& student, double eps) {
  const auto probabilities = [eps](const at::Tensor& features) {
    const at::Tensor rows = UnitVectors(features.flatten(1), eps);
    // Rounding may take a cosine below -1.
    const at::Tensor affinity = ((1 + rows.mm(rows.t())) / 2).clamp_min(0);
    return affinity / affinity.sum(1, /*keepdim=*/true);
  };
  const at::Tensor p = probabilities(teacher.detach());
  const at::Tensor q = probabilities(student);
  return (p * ((p + eps) / (q + eps)).log()).mean();
}

}  // namespace msdbench
