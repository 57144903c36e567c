// Visual tokens: from pixels by a small convolution net trained with the model,
// or from the features of a pretrained one.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>

#include <vector>

#include "baselines/models/classifier_options.h"

namespace msdbench {

// Convolutions with ReLU, then each cell of the grid becomes a token with a
// learned position, layer-normalised (a patch embedding with overlap, after
// Xiao et al. 2021, "Early convolutions help transformers see better").
// Features are normalised and placed in the same way, unless they are to stay
// as they are, as HuggingFace's and MMF's VisualBERT take them.
class ImageBackboneImpl : public torch::nn::Module {
 public:
  explicit ImageBackboneImpl(const ImageBackboneOptions& options);

  // images: [batch, 3, size, size], or features [batch, tokens, width]
  // -> [batch, tokens, width].
  at::Tensor forward(const at::Tensor& images);

 private:
  ImageBackboneOptions options_;
  std::vector<torch::nn::Conv2d> convolutions_;
  at::Tensor position_;  // [tokens, width]
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(ImageBackbone);

}  // namespace msdbench
