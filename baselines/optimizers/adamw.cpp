#include "baselines/optimizers/adamw.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "baselines/kernels/kernels.h"

namespace msdbench {
namespace {

constexpr std::int64_t kGrain = 65536;

bool InOnePass(const at::Tensor& parameter, const at::Tensor& gradient) {
  return parameter.is_cpu() && parameter.scalar_type() == at::kFloat &&
         parameter.is_contiguous() && gradient.is_contiguous();
}

double SquareSum(const at::Tensor& values) {
  const float* data = values.data_ptr<float>();
  return at::parallel_reduce(
      0, values.numel(), kGrain, 0.0,
      [&](std::int64_t begin, std::int64_t end, double sum) {
        return sum + kernels::BestOptimizer().square_sum(data, begin, end);
      },
      [](double a, double b) { return a + b; });
}

}  // namespace

AdamW::AdamW(std::vector<at::Tensor> parameters, const AdamWOptions& options)
    : parameters_(std::move(parameters)),
      states_(parameters_.size()),
      options_(options) {}

void AdamW::ZeroGrad() {
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

at::Tensor AdamW::ClippingScale() const {
  at::Tensor squares;
  double host_squares = 0;
  for (const at::Tensor& parameter : parameters_) {
    const at::Tensor gradient = parameter.grad();
    if (!gradient.defined()) continue;
    if (InOnePass(parameter, gradient)) {
      host_squares += SquareSum(gradient);
    } else {
      const at::Tensor square = gradient.square().sum(at::kDouble);
      squares = squares.defined() ? squares + square : square;
    }
  }
  squares = squares.defined() ? squares + host_squares
                              : at::scalar_tensor(host_squares, at::kDouble);
  // As PyTorch's clip_grad_norm_.
  return (options_.clip_norm / (squares.sqrt() + 1e-6)).clamp_max(1.0);
}

void AdamW::StepInOnePass(std::size_t i, double rate, double scale) {
  at::Tensor& parameter = parameters_[i];
  State& state = states_[i];
  kernels::AdamWStep step;
  step.rate = static_cast<float>(rate);
  step.decay =
      parameter.dim() < 2 ? 0 : static_cast<float>(options_.weight_decay);
  step.beta1 = static_cast<float>(options_.beta1);
  step.beta2 = static_cast<float>(options_.beta2);
  step.rest1 = static_cast<float>(1 - options_.beta1);
  step.rest2 = static_cast<float>(1 - options_.beta2);
  step.epsilon = static_cast<float>(options_.epsilon);
  const auto count = static_cast<double>(state.steps);
  step.correction1 = static_cast<float>(1 - std::pow(options_.beta1, count));
  step.correction2 = static_cast<float>(1 - std::pow(options_.beta2, count));
  step.gradient_scale = static_cast<float>(scale);
  float* values = parameter.data_ptr<float>();
  const float* gradient = parameter.grad().data_ptr<float>();
  float* mean = state.mean.data_ptr<float>();
  float* square = state.square.data_ptr<float>();
  at::parallel_for(0, parameter.numel(), kGrain,
                   [&](std::int64_t begin, std::int64_t end) {
                     kernels::BestOptimizer().adamw(step, values, gradient,
                                                    mean, square, begin, end);
                   });
}

void AdamW::StepByOperations(std::size_t i, double rate,
                             const at::Tensor& scale) {
  at::Tensor& parameter = parameters_[i];
  State& state = states_[i];
  at::Tensor gradient = parameter.grad();
  if (scale.defined()) gradient = gradient * scale.to(gradient.options());
  if (parameter.dim() >= 2) parameter.mul_(1 - rate * options_.weight_decay);
  state.mean.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
  state.square.mul_(options_.beta2)
      .addcmul_(gradient, gradient, 1 - options_.beta2);
  const auto count = static_cast<double>(state.steps);
  const at::Tensor below =
      (state.square.sqrt() / std::sqrt(1 - std::pow(options_.beta2, count)))
          .add_(options_.epsilon);
  parameter.addcdiv_(state.mean, below,
                     -rate / (1 - std::pow(options_.beta1, count)));
}

void AdamW::Step(double learning_rate) {
  at::NoGradGuard no_grad;
  at::Tensor scale;
  if (options_.clip_norm > 0) scale = ClippingScale();
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor gradient = parameters_[i].grad();
    if (!gradient.defined()) continue;
    State& state = states_[i];
    if (state.steps++ == 0) {
      state.mean = at::zeros_like(parameters_[i]);
      state.square = at::zeros_like(parameters_[i]);
    }
    if (InOnePass(parameters_[i], gradient)) {
      StepInOnePass(i, learning_rate,
                    scale.defined() ? scale.item<double>() : 1.0);
    } else {
      StepByOperations(i, learning_rate, scale);
    }
  }
}

}  // namespace msdbench
