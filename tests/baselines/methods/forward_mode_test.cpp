#include "baselines/methods/forward_mode.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "baselines/methods/objective.h"
#include "tests/baselines/plain_classifier.h"
#include "tests/baselines/tiny_model.h"

namespace msdbench {
namespace {

TEST(DirectionalDerivatives, OfAPolynomialByHand) {
  const at::Tensor x = at::tensor({2.0, 3.0}).set_requires_grad(true);
  const at::Tensor y = at::tensor({5.0, 7.0}).set_requires_grad(true);
  const auto derivatives = DirectionalDerivatives(
      {x, y}, {at::tensor({1.0, 10.0}), {}}, [&]() -> std::vector<at::Tensor> {
        return {x * x * y, y * y};
      });
  EXPECT_TRUE(at::allclose(derivatives[0], at::tensor({20.0, 420.0})));
  EXPECT_TRUE(at::equal(derivatives[1], at::zeros({2})));
  // The level is left: nothing of it stays with the parameters.
  EXPECT_FALSE(x._fw_grad(0).defined());
}

// The inner products of every example's gradient with a direction, for the
// whole model in double precision, against a gradient per example.
TEST(DirectionalDerivatives, EqualPerExampleGradientsOfAVisualBert) {
  Classifier model(TinyOptions(3), 1);
  model->to(at::kDouble);
  Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  batch.images = batch.images.to(at::kDouble);
  const std::vector<at::Tensor> parameters = model->parameters();
  at::Generator generator = at::detail::createCPUGenerator(3);
  std::vector<at::Tensor> directions;
  for (const at::Tensor& parameter : parameters) {
    directions.push_back(
        at::empty_like(parameter, parameter.options().requires_grad(false))
            .normal_(0, 1, generator));
  }
  const auto losses_of = [&](const ViewLogits& logits) {
    std::vector<at::Tensor> all;
    for (View view : kViews) {
      all.push_back(TaskLoss(Head::kSingleLabel, logits[view], batch.targets));
    }
    return all;
  };

  const auto fast = DirectionalDerivatives(parameters, directions, [&] {
    return losses_of(PlainClassifier(model).Forward(batch));
  });
  const auto recorded = losses_of(
      model->Forward(batch, {kViews.begin(), kViews.end()}, Removal::kDrop));
  for (std::size_t v = 0; v < recorded.size(); ++v) {
    for (std::int64_t i = 0; i < batch.size(); ++i) {
      const auto gradients = torch::autograd::grad(
          {recorded[v][i]}, parameters, {}, /*retain_graph=*/true,
          /*create_graph=*/false, /*allow_unused=*/true);
      double expected = 0;
      for (std::size_t p = 0; p < parameters.size(); ++p) {
        if (!gradients[p].defined()) continue;
        expected += (gradients[p] * directions[p]).sum().item<double>();
      }
      EXPECT_NEAR(fast[v][i].item<double>(), expected,
                  1e-9 * std::max(1.0, std::abs(expected)));
    }
  }
}

}  // namespace
}  // namespace msdbench
