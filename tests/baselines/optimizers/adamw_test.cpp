// AdamW against LibTorch's, step by step.
#include "baselines/optimizers/adamw.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <torch/optim/adamw.h>
// Needs what comes before it.
#include <torch/nn/utils/clip_grad.h>

namespace msdbench {
namespace {

std::vector<at::Tensor> Parameters(c10::ScalarType type) {
  at::Generator generator = at::detail::createCPUGenerator(1);
  std::vector<at::Tensor> all;
  for (const std::vector<std::int64_t>& sizes :
       {std::vector<std::int64_t>{300, 301}, {7}, {3, 5, 2}}) {
    all.push_back(at::empty(sizes, type).normal_(0, 1, generator));
    all.back().set_requires_grad(true);
  }
  return all;
}

// The largest gap to LibTorch's after 20 steps, with clipping and without; one
// parameter has no gradient in every other step.
double GapAfterSteps(c10::ScalarType type, double clip_norm) {
  std::vector<at::Tensor> ours = Parameters(type), theirs = Parameters(type);
  AdamWOptions options;
  options.weight_decay = 0.1;
  options.clip_norm = clip_norm;
  AdamW optimizer(ours, options);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  const auto group = [&](std::vector<at::Tensor> parameters, double decay) {
    groups.emplace_back(std::move(parameters),
                        std::make_unique<torch::optim::AdamWOptions>(
                            torch::optim::AdamWOptions().weight_decay(decay)));
  };
  group({theirs[0], theirs[2]}, 0.1);
  group({theirs[1]}, 0);
  torch::optim::AdamW reference(groups, torch::optim::AdamWOptions());

  at::Generator generator = at::detail::createCPUGenerator(2);
  double gap = 0;
  for (int step = 0; step < 20; ++step) {
    const double rate = 0.01 * (step + 1);
    optimizer.ZeroGrad();
    for (std::size_t i = 0; i < ours.size(); ++i) {
      theirs[i].mutable_grad().reset();
      EXPECT_FALSE(ours[i].grad().defined());
      if (i == 2 && step % 2 == 1) continue;
      const at::Tensor gradient =
          at::empty(ours[i].sizes(), type).normal_(0, 0.1, generator);
      ours[i].mutable_grad() = gradient.clone();
      theirs[i].mutable_grad() = gradient.clone();
    }
    if (clip_norm > 0) torch::nn::utils::clip_grad_norm_(theirs, clip_norm);
    for (auto& one : reference.param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(one.options()).lr(rate);
    }
    reference.step();
    optimizer.Step(rate);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      gap = std::max(gap, (ours[i] - theirs[i]).abs().max().item<double>());
    }
  }
  return gap;
}

TEST(AdamW, EqualsLibTorchs) {
  EXPECT_LT(GapAfterSteps(at::kFloat, 0), 5e-6);
  EXPECT_LT(GapAfterSteps(at::kDouble, 0), 1e-12);
}

TEST(AdamW, ClipsAsLibTorchDoes) {
  EXPECT_LT(GapAfterSteps(at::kFloat, 3), 5e-6);
  EXPECT_LT(GapAfterSteps(at::kDouble, 3), 1e-12);
}

}  // namespace
}  // namespace msdbench
