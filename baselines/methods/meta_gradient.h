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
// g = the meta loss's gradient at the moved parameters.
struct LookAheadStep {
  std::vector<at::Tensor> gradients;  // of the objective; undefined = 0
  double rate = 0;
};

// factor / n * <grad l_i^m, g>, [batch, columns], float64: of the parameters'
// own l^m, dropout included. Given g, undefined where it is 0.
using WeighedProducts =
    std::function<at::Tensor(const std::vector<at::Tensor>& direction)>;

// `meta_loss` reads `parameters` where they are, while they are moved;
// `products` runs once they are back.
MetaGradient DifferentiateLookAhead(
    const std::vector<at::Tensor>& parameters, const LookAheadStep& step,
    const std::function<at::Tensor()>& meta_loss,
    const WeighedProducts& products);

// The products for any model: one forward-mode pass through `losses`, which
// returns l^m, [batch] each.
WeighedProducts ForwardModeProducts(
    const std::vector<at::Tensor>& parameters, double factor,
    const std::function<std::vector<at::Tensor>()>& losses);

}  // namespace msdbench
