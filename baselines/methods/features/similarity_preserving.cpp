#include "baselines/methods/features/similarity_preserving.h"

#include <ATen/ATen.h>

#include "baselines/methods/features/unit_vectors.h"

namespace msdbench {

at::Tensor SimilarityPreservingLoss(const at::Tensor& teacher,
                                    const at::Tensor& student) {
  const auto similarities = [](const at::Tensor& features) {
    const at::Tensor rows = features.flatten(1);
    return UnitVectors(rows.mm(rows.t()));
  };
  return (similarities(student) - similarities(teacher.detach()))
      .square()
      .mean();
}

}  // namespace msdbench
