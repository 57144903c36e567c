// How the loss on a meta batch, after one step on a weighted objective, depends
// on the weights (Meta-Weight-Net, Shu et al. 2019, without its double
// backward).
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace msdbench {

struct MetaGradient {
  at::Tensor loss;     // the meta loss of the moved parameters, detached
  at::Tensor weights;  // d loss / d w_i^m, [batch, columns], float64
};

// One plain gradient step on an objective that holds the weights as
//   factor * mean_i sum_m w_i^m l_i^m.
// Only the moved parameters see the weights, so
//   d loss / d w_i^m = -rate * factor / n * <grad l_i^m, g>,
// g = the meta loss's gradient at the moved parameters; one forward-mode pass
// gives all the inner products.
struct LookAheadStep {
  std::vector<at::Tensor> gradients;  // of the objective; undefined = 0
  double rate = 0;
  double factor = 0;
};

// Both functions read `parameters` where they are: `meta_loss` while they are
// moved, `losses` (l^m, [batch] each, what the objective weighs) once they are
// back. `losses` has to repeat what the objective saw, dropout included.
MetaGradient DifferentiateLookAhead(
    const std::vector<at::Tensor>& parameters, const LookAheadStep& step,
    const std::function<at::Tensor()>& meta_loss,
    const std::function<std::vector<at::Tensor>()>& losses);

}  // namespace msdbench
