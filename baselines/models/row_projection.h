// A linear layer over rows, in the precision of the encoder.
#pragma once

#include <ATen/core/Tensor.h>

#include "baselines/models/encoder.h"

namespace msdbench {

// x [rows, in] weight^T + bias, [rows, out], in x's type. Differentiable once
// backward; forward mode works too, at x's own precision.
at::Tensor ProjectRows(const at::Tensor& x, const at::Tensor& weight,
                       const at::Tensor& bias, Precision precision);

}  // namespace msdbench
