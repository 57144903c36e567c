#include "baselines/methods/features/variational_information.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "baselines/methods/features/shapes.h"
#include "baselines/models/classifier.h"

namespace msdbench {

VariationalInformationImpl::VariationalInformationImpl(
    const VariationalInformationOptions& options, std::uint64_t seed)
    : options_(options) {
  const auto map = [this](const char* name, std::int64_t in, std::int64_t out) {
    return register_module(
        name, torch::nn::Linear(torch::nn::LinearOptions(in, out).bias(false)));
  };
  first_ = map("first", options.student_channels, options.hidden);
  second_ = map("second", options.hidden, options.hidden);
  third_ = map("third", options.hidden, options.teacher_channels);
  log_scale_ =
      register_parameter("log_scale", at::empty(options.teacher_channels));
  InitializeWeights(*this, /*range=*/0, seed);
  // softplus of this is the rest of the initial variance.
  at::NoGradGuard no_grad;
  log_scale_.fill_(
      std::log(std::expm1(options.initial_variance - options.least_variance)));
}

at::Tensor VariationalInformationImpl::forward(const at::Tensor& teacher,
                                               const at::Tensor& student) {
  const auto [wanted, given] = PoolToSmaller(teacher.detach(), student);
  at::Tensor mean = at::relu(first_(given.movedim(1, -1)));
  mean = third_(at::relu(second_(mean)));
  const at::Tensor target = wanted.movedim(1, -1);
  RequireSameShape("variational information", target, mean);
  const at::Tensor variance =
      at::softplus(log_scale_) + options_.least_variance;
  return ((target - mean).square() / variance + variance.log()).mean() / 2;
}

}  // namespace msdbench
