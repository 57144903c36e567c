#include "baselines/models/image_backbone.h"

#include <ATen/ATen.h>

#include <string>

namespace msdbench {

std::int64_t ImageBackboneOptions::Tokens() const {
  if (channels.empty()) return feature_tokens;
  std::int64_t side = image_size;
  for (std::size_t i = 0; i < channels.size(); ++i) side = (side + 1) / 2;
  return side * side;
}

std::int64_t ImageBackboneOptions::Width() const {
  return channels.empty() ? feature_width : channels.back();
}

ImageBackboneImpl::ImageBackboneImpl(const ImageBackboneOptions& options)
    : options_(options) {
  std::int64_t in = 3;
  for (std::size_t i = 0; i < options.channels.size(); ++i) {
    convolutions_.push_back(register_module(
        "convolution_" + std::to_string(i),
        torch::nn::Conv2d(torch::nn::Conv2dOptions(in, options.channels[i], 3)
                              .stride(2)
                              .padding(1))));
    in = options.channels[i];
  }
  if (options.as_they_are) return;
  const std::int64_t width = options.Width();
  position_ =
      register_parameter("position", at::zeros({options.Tokens(), width}));
  norm_ = register_module(
      "norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
}

at::Tensor ImageBackboneImpl::forward(const at::Tensor& images) {
  if (options_.as_they_are) return images;
  if (convolutions_.empty()) return norm_(images) + position_;
  at::Tensor x = images;
  for (auto& convolution : convolutions_) x = at::relu(convolution(x));
  // [batch, width, grid, grid] -> [batch, grid * grid, width].
  return norm_(x.flatten(2).transpose(1, 2)) + position_;
}

}  // namespace msdbench
