#include "baselines/methods/meta_gradient.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "baselines/methods/view_gradients.h"
#include "baselines/models/encoder_ops.h"
#include "tests/baselines/methods/step_fixture.h"
#include "tests/baselines/plain_classifier.h"

namespace msdbench {
namespace {

// Student p, losses l_1 = p^2 and l_2 = 3 p, objective mean(w_i l_i) with
// weights 1 and 2, so its gradient at p = 1 is (2 + 6) / 2 = 4; a step of 0.1
// leads to 0.6, where the meta loss p^3 has the gradient 3 * 0.36 = 1.08. Each
// weight: -0.1 / 2 * l_i' * 1.08.
TEST(MetaGradient, ByHand) {
  const at::Tensor p = at::tensor({1.0}).set_requires_grad(true);
  LookAheadStep step;
  step.gradients = {at::tensor({4.0})};
  step.rate = 0.1;
  const MetaGradient got = DifferentiateLookAhead(
      {p}, step, [&] { return p.pow(3).sum(); },
      ForwardModeProducts({p}, /*factor=*/1, [&]() -> std::vector<at::Tensor> {
        return {at::cat({p * p, 3 * p})};
      }));
  EXPECT_NEAR(got.loss.item<double>(), 0.216, 1e-15);
  EXPECT_TRUE(at::allclose(got.weights,
                           at::tensor({-0.108, -0.162}).view({2, 1}), 1e-14));
  EXPECT_EQ(p.item<double>(), 1);
}

// Every weight's gradient on a small VisualBERT against double backward through
// the plain one.
void ExpectDoubleBackwardsProducts() {
  constexpr double kRate = 0.3;
  StepFixture fixture;
  fixture.ToDouble();
  const ObjectiveOptions options;
  const PlainClassifier plain(fixture.student);
  const std::vector<at::Tensor> parameters = fixture.student->parameters();
  const auto terms = [&](const ViewLogits& logits) {
    return ComputeTerms(options, fixture.head, logits, fixture.teacher.logits,
                        fixture.batch.targets);
  };
  const at::Tensor weights = at::arange(1, 9, at::kDouble)
                                 .div(10)
                                 .view({4, 2})
                                 .set_requires_grad(true);
  // The look-ahead's gradients as functions of the weights.
  LookAheadStep step;
  const auto gradients = torch::autograd::grad(
      {Combine(options, terms(plain.Forward(fixture.batch)), weights)},
      parameters, {},
      /*retain_graph=*/true, /*create_graph=*/true, /*allow_unused=*/true);
  for (const at::Tensor& gradient : gradients) {
    step.gradients.push_back(gradient.defined() ? gradient.detach() : gradient);
  }
  step.rate = kRate;

  // The same gradients from the pass that keeps views apart.
  ViewGradients apart(fixture.student, fixture.batch,
                      {kViews.begin(), kViews.end()}, Removal::kDrop, 0);
  apart.Back([&](const ViewLogits& logits) {
    const ObjectiveTerms t = terms(logits);
    return at::cat({(1 - options.lambda) * t.task +
                        options.lambda * t[View::kMultimodal],
                    options.lambda * t[View::kText],
                    options.lambda * t[View::kImage]}) /
           4;
  });
  const at::Tensor fixed = weights.detach();
  const auto together =
      apart.Gradients(at::cat({at::ones({4}, at::kDouble), fixed.select(1, 0),
                               fixed.select(1, 1)}),
                      /*fixed=*/4);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!step.gradients[i].defined()) continue;
    ASSERT_TRUE(together[i].defined());
    EXPECT_LT((together[i] - step.gradients[i]).abs().max().item<double>(),
              1e-12);
  }

  std::vector<at::Tensor> direction;  // the meta loss's, at the moved student
  const auto meta_loss = [&] {
    const at::Tensor loss =
        TaskLoss(fixture.head, plain.Forward(fixture.meta)[View::kMultimodal],
                 fixture.meta.targets)
            .mean();
    direction = torch::autograd::grad({loss}, parameters, {},
                                      /*retain_graph=*/true, false,
                                      /*allow_unused=*/true);
    return loss;
  };
  const MetaGradient fast = DifferentiateLookAhead(
      parameters, step, meta_loss, [&](const std::vector<at::Tensor>& along) {
        return apart.Products(4, 12, along).view({2, 4}).t();
      });

  // d meta / d w = direction * d (parameter - rate * gradient) / d w.
  at::Tensor meta = at::zeros({}, at::kDouble);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!gradients[i].defined() || !direction[i].defined()) continue;
    meta = meta - kRate * (gradients[i] * direction[i]).sum();
  }
  meta.backward();
  const at::Tensor want = weights.grad();
  EXPECT_GT(want.abs().min().item<double>(), 1e-8);
  EXPECT_LT(((fast.weights - want) / want).abs().max().item<double>(), 1e-6);
}

TEST(ViewGradients, EqualDoubleBackwardOnAVisualBert) {
  ExpectDoubleBackwardsProducts();
}

TEST(ViewGradients, EqualDoubleBackwardByOperationsOfLibTorch) {
  const PlainOperations plain;
  ExpectDoubleBackwardsProducts();
}

}  // namespace
}  // namespace msdbench
