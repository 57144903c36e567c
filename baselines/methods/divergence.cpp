#include "baselines/methods/divergence.h"

#include <ATen/ATen.h>

namespace msdbench {

Divergence DefaultDivergence(Head head) {
  return head == Head::kSingleLabel ? Divergence::kKl : Divergence::kBernoulli;
}

at::Tensor Diverge(Divergence kind, double temperature,
                   const at::Tensor& teacher_logits,
                   const at::Tensor& student_logits) {
  const at::Tensor fixed = teacher_logits.detach();
  if (kind == Divergence::kMse) {
    return (student_logits - fixed).square().mean(1);
  }
  const at::Tensor t = fixed / temperature, s = student_logits / temperature;
  const double scale = temperature * temperature;
  if (kind == Divergence::kKl) {
    const at::Tensor log_t = at::log_softmax(t, 1);
    return scale * (log_t.exp() * (log_t - at::log_softmax(s, 1))).sum(1);
  }
  // KL of Bernoulli p against q through logits: log(1-p) = -softplus(z), and
  // log p = z - softplus(z), so nothing overflows for confident predictions.
  const at::Tensor p = at::sigmoid(t);
  return scale *
         (p * (t - s) - at::softplus(t, 1, 40) + at::softplus(s, 1, 40)).sum(1);
}

}  // namespace msdbench
