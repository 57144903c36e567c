// Directional derivatives by forward-mode differentiation.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace msdbench {

// d/de f(parameters + e * direction) at e = 0 for every output of f, in one
// pass: for per-example losses f_i, the inner products <grad f_i, direction>
// without a gradient per example. `function` reads `parameters` where they
// are; directions: the parameters' shapes, undefined = 0. Not reentrant: one
// pass at a time in the process (LibTorch has one forward-mode level), which
// a lock inside sees to.
std::vector<at::Tensor> DirectionalDerivatives(
    const std::vector<at::Tensor>& parameters,
    const std::vector<at::Tensor>& directions,
    const std::function<std::vector<at::Tensor>()>& function);

}  // namespace msdbench
