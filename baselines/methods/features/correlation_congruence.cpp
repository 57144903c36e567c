#include "baselines/methods/features/correlation_congruence.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "baselines/methods/features/shapes.h"

namespace msdbench {

at::Tensor CorrelationCongruenceLoss(const at::Tensor& teacher,
                                     const at::Tensor& student) {
  RequireSameShape("correlation congruence", teacher, student);
  const at::Tensor difference = (student - teacher.detach()).abs();
  const std::int64_t pairs = difference.size(0) - 1;
  return (difference.narrow(0, 0, pairs) * difference.narrow(0, 1, pairs))
             .sum() /
         std::max<std::int64_t>(pairs, 1);
}

}  // namespace msdbench
