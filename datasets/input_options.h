// How texts and images become numbers.
#pragma once

#include <array>
#include <cstdint>

namespace msdbench {

struct InputOptions {
  std::int64_t max_text_tokens = 32;  // [CLS] and [SEP] included
  std::int64_t image_size = 32;       // pixels; aspect ratio is not kept
  // Per channel, in [0, 1] units, as torchvision's Normalize.
  std::array<float, 3> mean = {0.5F, 0.5F, 0.5F};
  std::array<float, 3> deviation = {0.5F, 0.5F, 0.5F};
};

}  // namespace msdbench
