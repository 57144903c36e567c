// Correlation congruence, CC (Peng et al. 2019), in the form that its public
// re-implementations use: neighbours in the batch stand for all pairs.
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// Embeddings of one shape, [batch, width] -> scalar. With d = |teacher -
// student|, the mean over neighbours i, i + 1 of sum_k d_ik d_(i+1)k; 0 for a
// batch of one. Gradients flow into the student only.
at::Tensor CorrelationCongruenceLoss(const at::Tensor& teacher,
                                     const at::Tensor& student);

}  // namespace msdbench
