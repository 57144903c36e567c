// Probabilistic knowledge transfer, PKT (Passalis & Tefas 2018).
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// Features [batch, ...] -> scalar; all but the batch may differ. Row i of P is
// (1 + cosine(i, j)) / 2 over j, scaled to sum 1; the loss is the mean over
// batch^2 of P_T log((P_T + eps) / (P_S + eps)). eps is added to the lengths,
// too, as in the authors' code. Gradients flow into the student only.
at::Tensor ProbabilisticTransferLoss(const at::Tensor& teacher,
                                     const at::Tensor& student,
                                     double eps = 1e-7);

}  // namespace msdbench
