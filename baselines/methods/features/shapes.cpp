#include "baselines/methods/features/shapes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/error.h"

namespace msdbench {

void RequireSameShape(const char* loss, const at::Tensor& teacher,
                      const at::Tensor& student) {
  if (teacher.sizes() == student.sizes()) return;
  throw RunError(fmt::format(
      "{}: student features are [{}], wanted the teacher's [{}]", loss,
      fmt::join(student.sizes(), ", "), fmt::join(teacher.sizes(), ", ")));
}

}  // namespace msdbench
