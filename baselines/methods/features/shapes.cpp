#include "baselines/methods/features/shapes.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/error.h"

namespace msdbench {

void RequireSameShape(const char* loss, const at::Tensor& teacher,
                      const at::Tensor& student) {
  if (teacher.sizes() == student.sizes()) return;
  throw RunError(fmt::format(
      "{}: student features are [{}], wanted the teacher's [{}]", loss,
      fmt::join(student.sizes(), ", "), fmt::join(teacher.sizes(), ", ")));
}

std::pair<at::Tensor, at::Tensor> PoolToSmaller(const at::Tensor& teacher,
                                                const at::Tensor& student) {
  if (teacher.dim() != 4 || student.dim() != 4) return {teacher, student};
  const std::int64_t height = std::min(teacher.size(2), student.size(2));
  const std::int64_t width = std::min(teacher.size(3), student.size(3));
  const auto pooled = [&](const at::Tensor& features) {
    if (features.size(2) == height && features.size(3) == width) {
      return features;
    }
    return at::adaptive_avg_pool2d(features, {height, width});
  };
  return {pooled(teacher), pooled(student)};
}

}  // namespace msdbench
