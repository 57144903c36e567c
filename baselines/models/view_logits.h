// What a model says of a batch from each view.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>

#include "baselines/models/view.h"

namespace msdbench {

// Logits [batch, labels] of each view; undefined where a view was not run.
struct ViewLogits {
  std::array<at::Tensor, 3> logits;
  at::Tensor& operator[](View view) { return logits[static_cast<int>(view)]; }
  const at::Tensor& operator[](View view) const {
    return logits[static_cast<int>(view)];
  }
};

}  // namespace msdbench
