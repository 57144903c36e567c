#include "baselines/methods/divergence.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace msdbench {
namespace {

const at::Tensor kTeacher = at::tensor({2.0, 0.0}).unsqueeze(0);
const at::Tensor kStudent = at::tensor({0.0, 1.0}).unsqueeze(0);

double Value(Divergence kind, double temperature) {
  return Diverge(kind, temperature, kTeacher, kStudent).item<double>();
}

double Sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

TEST(Divergence, KlOfTemperedSoftmax) {
  // T = 2: teacher logits (1, 0), student (0, 0.5), times T^2 = 4.
  const double p = Sigmoid(1), q = Sigmoid(-0.5);
  const double kl = p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q));
  EXPECT_NEAR(Value(Divergence::kKl, 2), 4 * kl, 1e-6);
}

TEST(Divergence, BernoulliSumsOverLabels) {
  const auto one = [](double zt, double zs) {
    const double p = Sigmoid(zt), q = Sigmoid(zs);
    return p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q));
  };
  EXPECT_NEAR(Value(Divergence::kBernoulli, 2), 4 * (one(1, 0) + one(0, 0.5)),
              1e-6);
}

TEST(Divergence, MseAveragesOverLabels) {
  EXPECT_NEAR(Value(Divergence::kMse, 3), (4.0 + 1.0) / 2, 1e-6);
}

TEST(Divergence, IsZeroForEqualPredictionsAndFiniteForExtremeOnes) {
  const at::Tensor far = at::tensor({500.0, -500.0}).unsqueeze(0);
  for (Divergence kind : {Divergence::kKl, Divergence::kBernoulli}) {
    EXPECT_NEAR(Diverge(kind, 1, kTeacher, kTeacher).item<double>(), 0, 1e-6);
    const double gap = Diverge(kind, 1, far, -far).item<double>();
    EXPECT_TRUE(std::isfinite(gap));
    EXPECT_GT(gap, 500);
  }
}

TEST(Divergence, NoGradientReachesTheTeacher) {
  const at::Tensor teacher = kTeacher.clone().set_requires_grad(true);
  const at::Tensor student = kStudent.clone().set_requires_grad(true);
  for (Divergence kind :
       {Divergence::kKl, Divergence::kBernoulli, Divergence::kMse}) {
    Diverge(kind, 2, teacher, student).sum().backward();
    EXPECT_FALSE(teacher.grad().defined());
    EXPECT_TRUE(student.grad().defined());
  }
}

TEST(Divergence, DefaultsFollowTheHead) {
  EXPECT_EQ(DefaultDivergence(Head::kSingleLabel), Divergence::kKl);
  EXPECT_EQ(DefaultDivergence(Head::kMultiLabel), Divergence::kBernoulli);
  EXPECT_EQ(DefaultDivergence(Head::kAnswer), Divergence::kBernoulli);
}

}  // namespace
}  // namespace msdbench
