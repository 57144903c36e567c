// Relational knowledge distillation (Park et al. 2019): RKD-D and RKD-A.
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// Features [batch, ...] -> scalar; all but the batch may differ. Both are means
// of the Huber loss (delta 1) over all pairs and all triples, those of an
// example with itself included; moving, rotating or scaling all features
// changes neither. Gradients flow into the student only; equal examples get
// none from each other. Memory grows with batch^2 x width.

// Euclidean distances, divided by the mean of those that are not zero.
at::Tensor RelationalDistanceLoss(const at::Tensor& teacher,
                                  const at::Tensor& student);

// Cosines of the angles at each example between the lines to two others.
at::Tensor RelationalAngleLoss(const at::Tensor& teacher,
                               const at::Tensor& student);

}  // namespace msdbench
