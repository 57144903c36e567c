// FitNets' hint loss (Romero et al. 2015).
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// The mean of (teacher - student)^2 over all entries of two features of one
// shape, the student's already regressed to it. Gradients flow into the student
// only.
at::Tensor HintLoss(const at::Tensor& teacher, const at::Tensor& student);

}  // namespace msdbench
