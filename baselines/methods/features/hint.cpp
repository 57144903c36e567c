#include "baselines/methods/features/hint.h"

#include <ATen/ATen.h>

#include "baselines/methods/features/shapes.h"

namespace msdbench {

at::Tensor HintLoss(const at::Tensor& teacher, const at::Tensor& student) {
  RequireSameShape("hint", teacher, student);
  return (student - teacher.detach()).square().mean();
}

}  // namespace msdbench
