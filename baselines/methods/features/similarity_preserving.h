// Similarity-preserving distillation (Tung & Mori 2019).
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// Features of one layer, [batch, ...] -> scalar; all but the batch may differ.
// With F the features as [batch, width], G = F F^T and its rows scaled to
// length 1: the sum of squared differences of the two G, over batch^2.
// Rotations and factors change nothing. Gradients flow into the student only.
at::Tensor SimilarityPreservingLoss(const at::Tensor& teacher,
                                    const at::Tensor& student);

}  // namespace msdbench
