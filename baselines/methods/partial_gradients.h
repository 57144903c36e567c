// Reverse-mode gradients of which some may not exist.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace msdbench {

// d output / d inputs, times d_output. Undefined for an input that is frozen or
// that `output` does not depend on. The graph stays for further calls.
std::vector<at::Tensor> PartialGradients(const at::Tensor& output,
                                         const std::vector<at::Tensor>& inputs,
                                         const at::Tensor& d_output);

}  // namespace msdbench
