// Shapes of features that are compared entry by entry.
#pragma once

#include <ATen/core/Tensor.h>

#include <utility>

namespace msdbench {

// Throws RunError unless both shapes are equal: broadcasting would give a
// number, but a meaningless one.
void RequireSameShape(const char* loss, const at::Tensor& teacher,
                      const at::Tensor& student);

// Teacher and student, [batch, channels, height, width], with the larger height
// and width average-pooled to the smaller; tensors of other ranks as they are.
std::pair<at::Tensor, at::Tensor> PoolToSmaller(const at::Tensor& teacher,
                                                const at::Tensor& student);

}  // namespace msdbench
