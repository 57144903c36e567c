// Variational information distillation, VID (Ahn et al. 2019).
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>

namespace msdbench {

struct VariationalInformationOptions {
  std::int64_t student_channels = 1;
  std::int64_t hidden = 1;
  std::int64_t teacher_channels = 1;
  double initial_variance = 5;
  double least_variance = 1e-5;
};

// A Gaussian over the teacher's features given the student's: its mean comes
// from three linear maps of the channels without bias, with ReLU between, its
// variance is softplus(log_scale) + least_variance for each channel.
class VariationalInformationImpl : public torch::nn::Module {
 public:
  // Weights are drawn from `seed` alone.
  VariationalInformationImpl(const VariationalInformationOptions& options,
                             std::uint64_t seed);

  // [batch, channels, ...] of the same extents but for the channels -> scalar:
  // the mean of ((teacher - mean)^2 / variance + log variance) / 2. Of maps
  // [batch, channels, height, width] the larger height and width are
  // average-pooled to the smaller first. Gradients flow into the student and
  // this module, not into the teacher.
  at::Tensor forward(const at::Tensor& teacher, const at::Tensor& student);

 private:
  VariationalInformationOptions options_;
  torch::nn::Linear first_{nullptr}, second_{nullptr}, third_{nullptr};
  at::Tensor log_scale_;
};
TORCH_MODULE(VariationalInformation);

}  // namespace msdbench
