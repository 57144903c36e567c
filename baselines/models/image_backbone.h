// Visual tokens from pixels: a small convolution net trained with the model.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <vector>

namespace msdbench {

struct ImageBackboneOptions {
  std::int64_t image_size = 32;
  // Output channels of each 3x3 convolution with stride 2; the last is the
  // width of a visual token.
  std::vector<std::int64_t> channels = {16, 32, 64};

  // Side of the grid of visual tokens: ceil(image_size / 2^convolutions).
  std::int64_t Grid() const;
};

// Convolutions with ReLU, then each cell of the grid becomes a token with a
// learned position, layer-normalised (a patch embedding with overlap, after
// Xiao et al. 2021, "Early convolutions help transformers see better").
class ImageBackboneImpl : public torch::nn::Module {
 public:
  explicit ImageBackboneImpl(const ImageBackboneOptions& options);

  // images: [batch, 3, size, size] -> [batch, grid * grid, width].
  at::Tensor forward(const at::Tensor& images);
  std::int64_t width() const { return options_.channels.back(); }

 private:
  ImageBackboneOptions options_;
  std::vector<torch::nn::Conv2d> convolutions_;
  at::Tensor position_;  // [grid * grid, width]
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(ImageBackbone);

}  // namespace msdbench
