// Which modalities a model sees, and how an absent one is removed.
#pragma once

#include <array>

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

}  // namespace msdbench
