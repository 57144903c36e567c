#include "baselines/methods/objective.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/baselines/tiny_model.h"

namespace msdbench {
namespace {

TEST(TaskLoss, CrossEntropyPerExample) {
  const at::Tensor logits = at::tensor({1.0, 3.0, 0.0, 0.0}).view({2, 2});
  const at::Tensor loss =
      TaskLoss(Head::kSingleLabel, logits, at::tensor({0, 1}, at::kLong));
  EXPECT_NEAR(loss[0].item<double>(), std::log(1 + std::exp(2.0)), 1e-6);
  EXPECT_NEAR(loss[1].item<double>(), std::log(2.0), 1e-6);
}

TEST(TaskLoss, BinaryCrossEntropySumsOverLabels) {
  const at::Tensor logits = at::tensor({0.0, 2.0}).view({1, 2});
  const at::Tensor targets = at::tensor({1.0, 0.3}).view({1, 2});
  const double p = 1 / (1 + std::exp(-2.0));
  EXPECT_NEAR(TaskLoss(Head::kAnswer, logits, targets).item<double>(),
              std::log(2.0) - 0.3 * std::log(p) - 0.7 * std::log(1 - p), 1e-6);
}

TEST(Objective, CombinesTermsAsWritten) {
  ObjectiveTerms terms;
  terms.task = at::tensor({1.0, 2.0});
  terms.distance = {at::tensor({3.0, 5.0}), at::tensor({7.0, 11.0}),
                    at::tensor({13.0, 17.0})};
  ObjectiveOptions options;
  options.lambda = 0.25;
  const at::Tensor weights = at::tensor({0.5, 0.1, 0.2, 1.0}).view({2, 2});
  const double first = 0.75 * 1 + 0.25 * (3 + 0.5 * 7 + 0.1 * 13);
  const double second = 0.75 * 2 + 0.25 * (5 + 0.2 * 11 + 1.0 * 17);
  EXPECT_NEAR(Combine(options, terms, weights).item<double>(),
              (first + second) / 2, 1e-6);
  EXPECT_NEAR(Combine(options, terms, {}).item<double>(),
              (0.75 * 1 + 0.25 * 3 + 0.75 * 2 + 0.25 * 5) / 2, 1e-6);
}

TEST(Objective, SkipsViewsThatWereNotRun) {
  ViewLogits student = RandomLogits(2, 3, 1);
  student[View::kText] = at::Tensor();
  const ObjectiveTerms terms =
      ComputeTerms({}, Head::kSingleLabel, student, RandomLogits(2, 3, 2),
                   at::tensor({0, 1}, at::kLong));
  EXPECT_TRUE(terms[View::kImage].defined());
  EXPECT_FALSE(terms[View::kText].defined());
}

TEST(ObjectiveOptions, AutoDivergenceFollowsTheHeadAndErrorsNameThePlace) {
  ConfigReader empty(Json::object(), "suite", "/o");
  EXPECT_EQ(ReadObjectiveOptions(empty, Head::kAnswer).divergence,
            Divergence::kBernoulli);
  ConfigReader bad(Json{{"lambda", 1.5}}, "suite", "/o");
  try {
    ReadObjectiveOptions(bad, Head::kAnswer);
    FAIL() << "accepted lambda = 1.5";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "suite: /o/lambda: a number from 0 to 1 is wanted, got 1.5");
    EXPECT_EQ(error.code(), ExitCode::kUsage);
  }
}

}  // namespace
}  // namespace msdbench
