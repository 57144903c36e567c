#include "baselines/methods/weight_network.h"

#include <ATen/ATen.h>

#include "baselines/models/classifier.h"

namespace msdbench {

WeightNetworkImpl::WeightNetworkImpl(std::int64_t features, std::int64_t hidden,
                                     std::int64_t outputs, std::uint64_t seed) {
  first_ = register_module("first", torch::nn::Linear(features, hidden));
  second_ = register_module("second", torch::nn::Linear(hidden, outputs));
  InitializeWeights(*this, /*range=*/0, seed);
}

at::Tensor WeightNetworkImpl::forward(const at::Tensor& features) {
  return at::sigmoid(second_(at::relu(first_(features))));
}

}  // namespace msdbench
