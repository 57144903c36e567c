// The network that learns loss weights (Meta-Weight-Net, Shu et al. 2019, with
// one output a modality).
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>

namespace msdbench {

// Per-example features -> hidden units, ReLU -> weights in (0, 1).
class WeightNetworkImpl : public torch::nn::Module {
 public:
  WeightNetworkImpl(std::int64_t features, std::int64_t hidden,
                    std::int64_t outputs, std::uint64_t seed);

  // [batch, features] -> [batch, outputs].
  at::Tensor forward(const at::Tensor& features);

 private:
  torch::nn::Linear first_{nullptr}, second_{nullptr};
};
TORCH_MODULE(WeightNetwork);

}  // namespace msdbench
