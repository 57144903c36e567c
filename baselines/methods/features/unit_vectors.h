// Vectors scaled to length 1, where some may be zero.
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// x / (|x| + eps) along the last dimension. A zero vector stays zero and gets
// no gradient; dividing by its length would give NaN, and by a tiny constant
// instead a huge gradient.
at::Tensor UnitVectors(const at::Tensor& x, double eps = 0);

}  // namespace msdbench
