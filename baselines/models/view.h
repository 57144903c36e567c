// Which modalities a model sees, and how an absent one is removed.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <string>
#include <vector>

namespace msdbench {

enum class View { kMultimodal = 0, kText = 1, kImage = 2 };
inline constexpr std::array<View, 3> kViews = {View::kMultimodal, View::kText,
                                               View::kImage};

inline const char* Name(View view) {
  constexpr std::array<const char*, 3> kNames = {"multimodal", "text", "image"};
  return kNames[static_cast<int>(view)];
}

enum class Removal {
  kDrop,  // the tokens are not in the sequence
  kZero,  // word embeddings or visual features are zeroed, tokens attendable
  kMask,  // tokens in the sequence, hidden by the attention mask
};

// Logits [batch, labels] of each view; undefined where a view was not run.
struct ViewLogits {
  std::array<at::Tensor, 3> logits;
  at::Tensor& operator[](View view) { return logits[static_cast<int>(view)]; }
  const at::Tensor& operator[](View view) const {
    return logits[static_cast<int>(view)];
  }
};

}  // namespace msdbench
