// The distance D between a teacher's and a student's prediction.
#pragma once

#include <ATen/core/Tensor.h>

#include "datasets/dataset.h"

namespace msdbench {

enum class Divergence {
  kKl,         // T^2 KL(softmax(z_T/T) || softmax(z_S/T))  (Hinton et al. 2015)
  kBernoulli,  // T^2 sum over labels of the Bernoulli KL of sigmoids of z/T
  kMse,        // mean over labels of (z_T - z_S)^2; T is not used
};

// What a head's predictions are: kKl for one label, kBernoulli for sigmoids.
Divergence DefaultDivergence(Head head);

// Per example: logits [batch, labels] -> [batch]. Gradients flow into the
// student only.
at::Tensor Diverge(Divergence kind, double temperature,
                   const at::Tensor& teacher_logits,
                   const at::Tensor& student_logits);

}  // namespace msdbench
