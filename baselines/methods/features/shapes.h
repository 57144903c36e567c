// Shape checks of features that are compared entry by entry.
#pragma once

#include <ATen/core/Tensor.h>

namespace msdbench {

// Throws RunError unless both shapes are equal: broadcasting would give a
// number, but a meaningless one.
void RequireSameShape(const char* loss, const at::Tensor& teacher,
                      const at::Tensor& student);

}  // namespace msdbench
