// The fast form of learned weights against double backward, written out the
// way Meta-Weight-Net's authors do it.

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>

#include "baselines/methods/method.h"
#include "baselines/methods/weight_network.h"
#include "tests/baselines/methods/step_fixture.h"
#include "tests/baselines/plain_classifier.h"

namespace msdbench {
namespace {

// Runs the reference for `steps` steps on a student that stays put, and
// returns the weights after the last.
at::Tensor ReferenceWeights(StepFixture& fixture, double rate,
                            std::uint64_t seed, int steps) {
  const ObjectiveOptions options;
  WeightNetwork network(3, 100, 2, seed);
  network->to(at::kDouble);
  torch::optim::Adam optimizer(
      network->parameters(),
      torch::optim::AdamOptions(1e-3).weight_decay(1e-4));
  const std::vector<at::Tensor> parameters = fixture.student->parameters();
  const PlainClassifier student(fixture.student);
  at::Tensor weights;
  for (int step = 0; step < steps; ++step) {
    const ObjectiveTerms terms =
        ComputeTerms(options, fixture.head, student.Forward(fixture.batch),
                     fixture.teacher.logits, fixture.batch.targets);
    const at::Tensor features =
        at::stack({terms[View::kMultimodal].detach(),
                   terms[View::kText].detach(), terms[View::kImage].detach()},
                  1);
    // The look-ahead stays a function of the network's weights.
    const auto gradients = torch::autograd::grad(
        {Combine(options, terms, network(features))}, parameters, {},
        /*retain_graph=*/true, /*create_graph=*/true, /*allow_unused=*/true);

    std::vector<at::Tensor> saved;
    {
      at::NoGradGuard no_grad;
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        saved.push_back(parameters[i].data().clone());
        if (gradients[i].defined()) {
          parameters[i].data().sub_(gradients[i].detach(), rate);
        }
      }
    }
    const ViewLogits meta = student.Forward(fixture.meta);
    const auto direction = torch::autograd::grad(
        {TaskLoss(fixture.head, meta[View::kMultimodal], fixture.meta.targets)
             .mean()},
        parameters, {}, false, false, /*allow_unused=*/true);
    {
      at::NoGradGuard no_grad;
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        parameters[i].data().copy_(saved[i]);
      }
    }
    // d meta / d theta = sum over parameters of direction * d moved / d theta,
    // where moved = parameter - rate * gradient: the double backward.
    at::Tensor surrogate = at::zeros({}, at::kDouble);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!gradients[i].defined() || !direction[i].defined()) continue;
      surrogate =
          surrogate - rate * (gradients[i] * direction[i].detach()).sum();
    }
    optimizer.zero_grad();
    surrogate.backward();
    optimizer.step();
    weights = network(features).detach();
  }
  return weights;
}

TEST(MsdLearned, FastFormEqualsDoubleBackward) {
  constexpr double kRate = 0.3;  // large, so that a wrong gradient shows
  constexpr int kSteps = 20;
  StepFixture fixture;
  fixture.ToDouble();
  const auto method = fixture.Make("msd-learned", {{"look_ahead_rate", kRate}});
  at::Tensor weights;
  for (int i = 0; i < kSteps; ++i) weights = fixture.Step(*method).weights;
  const at::Tensor expected = ReferenceWeights(fixture, kRate, 4, kSteps);
  const at::Tensor start = ReferenceWeights(fixture, kRate, 4, 1);
  EXPECT_LT((weights - expected).abs().max().item<double>(), 1e-6);
  // The network has learned something in these steps.
  EXPECT_GT((expected - start).abs().max().item<double>(), 1e-3);
}

TEST(MsdLearned, LeavesTheStudentWhereItWas) {
  StepFixture fixture;
  std::vector<at::Tensor> before;
  for (const at::Tensor& parameter : fixture.student->parameters()) {
    before.push_back(parameter.detach().clone());
  }
  fixture.Step(*fixture.Make("msd-learned"));
  const auto after = fixture.student->parameters();
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(at::equal(before[i], after[i]));
  }
}

TEST(MsdLearned, GradientIsTheObjectiveWithItsWeights) {
  StepFixture fixture;
  const StepReport report = fixture.Step(*fixture.Make("msd-learned"));
  const auto got = fixture.Gradients();
  EXPECT_LT(LargestGap(got, fixture.ExpectedGradients({}, report.weights)),
            1e-6);
}

TEST(MsdLearned, MetaEverySkipsTheNetwork) {
  StepFixture fixture;
  const auto method = fixture.Make("msd-learned", {{"meta_every", 2}});
  const auto has_meta = [](const StepReport& report) {
    return report.losses.back().first == "meta";
  };
  EXPECT_TRUE(has_meta(fixture.Step(*method)));
  EXPECT_FALSE(has_meta(fixture.Step(*method)));
  EXPECT_TRUE(has_meta(fixture.Step(*method)));
}

}  // namespace
}  // namespace msdbench
