// The shape of a model: what a suite says about one, without its tensors.
#pragma once

#include <cstdint>
#include <vector>

namespace msdbench {

// What matrix products are computed in. Parameters, their gradients (rounded
// once, as a product's result) and the optimizer stay in float32.
enum class Precision { kFp32, kBf16 };

struct VisualBertOptions {
  std::int64_t vocabulary = 30522;
  std::int64_t hidden = 312, layers = 4, heads = 12, intermediate = 1200;
  std::int64_t positions = 512;      // longest text
  std::int64_t visual_width = 2048;  // of an incoming visual token
  double layer_norm_epsilon = 1e-12;
  double dropout = 0.1;  // hidden states and attention shares
  Precision precision = Precision::kFp32;
};

struct ImageBackboneOptions {
  std::int64_t image_size = 32;
  // Output channels of each 3x3 convolution with stride 2; the last is the
  // width of a visual token.
  std::vector<std::int64_t> channels = {16, 32, 64};
  // Without channels the images come as features: so many tokens, so wide.
  std::int64_t feature_tokens = 0, feature_width = 0;
  bool as_they_are = false;  // features are neither normalised nor placed

  // Convolved: a grid with sides of ceil(image_size / 2^convolutions).
  std::int64_t Tokens() const;
  std::int64_t Width() const;
};

struct ClassifierOptions {
  VisualBertOptions bert;  // visual_width is set from the backbone
  ImageBackboneOptions image;
  std::int64_t labels = 2;
  // Standard deviation of initial weights; 0 = 1 / sqrt(inputs) a layer, which
  // suits narrow models trained from scratch better than BERT's 0.02.
  double initializer_range = 0;
};

}  // namespace msdbench
