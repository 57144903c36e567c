#include "baselines/methods/features/unit_vectors.h"

#include <ATen/ATen.h>

#include <limits>

namespace msdbench {

at::Tensor UnitVectors(const at::Tensor& x, double eps) {
  const at::Tensor length = x.norm(2, -1, /*keepdim=*/true);
  return x /
         (length + eps)
             .masked_fill(length == 0, std::numeric_limits<double>::infinity());
}

}  // namespace msdbench
