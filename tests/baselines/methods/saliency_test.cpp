#include "baselines/methods/saliency.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace msdbench {
namespace {

double Sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

double Kl(double p, double q) {
  return p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q));
}

// One example, two labels, logit differences d_full = 2, without the image
// (text view) 1, without the text (image view) -1.
ViewLogits HandWorked() {
  ViewLogits teacher;
  teacher[View::kMultimodal] = at::tensor({0.0, 2.0}).unsqueeze(0);
  teacher[View::kText] = at::tensor({0.0, 1.0}).unsqueeze(0);
  teacher[View::kImage] = at::tensor({0.0, -1.0}).unsqueeze(0);
  return teacher;
}

at::Tensor Scores(SaliencyMeasure measure) {
  return SaliencyScores(measure, Head::kSingleLabel, HandWorked(),
                        at::tensor({1}, at::kLong))
      .squeeze(0);
}

TEST(SaliencyScores, TextComparesWithTheViewThatLacksText) {
  const double full = Sigmoid(2), no_text = Sigmoid(-1), no_image = Sigmoid(1);
  const at::Tensor kl = Scores(SaliencyMeasure::kKl);
  EXPECT_NEAR(kl[0].item<double>(), Kl(no_text, full), 1e-6);
  EXPECT_NEAR(kl[1].item<double>(), Kl(no_image, full), 1e-6);
}

TEST(SaliencyScores, OtherMeasuresByHand) {
  const double full = Sigmoid(2), no_text = Sigmoid(-1);
  const double middle = (full + no_text) / 2;
  EXPECT_NEAR(Scores(SaliencyMeasure::kJs)[0].item<double>(),
              (Kl(no_text, middle) + Kl(full, middle)) / 2, 1e-6);
  EXPECT_NEAR(Scores(SaliencyMeasure::kL1)[0].item<double>(),
              2 * std::abs(full - no_text), 1e-6);
  EXPECT_NEAR(Scores(SaliencyMeasure::kLogitMse)[0].item<double>(), 9.0 / 2,
              1e-6);
  EXPECT_NEAR(Scores(SaliencyMeasure::kLoss)[0].item<double>(),
              std::log(full / no_text), 1e-6);
}

TEST(SaliencyScores, LossIsNeverNegative) {
  // The label is 0: taking the text away helps.
  const at::Tensor scores =
      SaliencyScores(SaliencyMeasure::kLoss, Head::kSingleLabel, HandWorked(),
                     at::tensor({0}, at::kLong));
  EXPECT_EQ(scores[0][0].item<double>(), 0);
}

TEST(SaliencyScores, SigmoidHeadsSumOverLabels) {
  const at::Tensor scores = SaliencyScores(
      SaliencyMeasure::kKl, Head::kMultiLabel, HandWorked(), at::zeros({1, 2}));
  // Label 0 does not move; label 1 moves from sigmoid(2) to sigmoid(-1).
  EXPECT_NEAR(scores[0][0].item<double>(), Kl(Sigmoid(-1), Sigmoid(2)), 1e-6);
}

TEST(SaliencyScores, FiniteForCertainPredictions) {
  ViewLogits teacher;
  teacher[View::kMultimodal] = at::tensor({300.0, -300.0}).unsqueeze(0);
  teacher[View::kText] = at::tensor({-300.0, 300.0}).unsqueeze(0);
  teacher[View::kImage] = at::tensor({300.0, -300.0}).unsqueeze(0);
  for (SaliencyMeasure measure :
       {SaliencyMeasure::kKl, SaliencyMeasure::kJs, SaliencyMeasure::kL1,
        SaliencyMeasure::kLogitMse, SaliencyMeasure::kLoss}) {
    for (Head head : {Head::kSingleLabel, Head::kMultiLabel}) {
      const at::Tensor targets = head == Head::kSingleLabel
                                     ? at::tensor({0}, at::kLong)
                                     : at::tensor({1.0, 0.0}).view({1, 2});
      const at::Tensor scores = SaliencyScores(measure, head, teacher, targets);
      EXPECT_TRUE(scores.isfinite().all().item<bool>());
      EXPECT_GT(scores[0][1].item<double>(), scores[0][0].item<double>());
    }
  }
}

at::Tensor Weights(SaliencyMap map, SaliencyGranularity granularity,
                   const at::Tensor& scores) {
  SaliencyOptions options;
  options.map = map;
  options.granularity = granularity;
  options.map_temperature = 2;
  return SaliencyWeights(options, scores);
}

TEST(SaliencyWeights, MapsByHand) {
  const at::Tensor scores = at::tensor({3.0, 1.0}).unsqueeze(0);
  const auto weight = [&](SaliencyMap map) {
    return Weights(map, SaliencyGranularity::kInstance, scores)[0][0]
        .item<double>();
  };
  EXPECT_NEAR(weight(SaliencyMap::kShare), 0.75, 1e-6);
  EXPECT_NEAR(weight(SaliencyMap::kSoftmax), Sigmoid(1), 1e-6);
  EXPECT_NEAR(weight(SaliencyMap::kTanh), std::tanh(3.0), 1e-6);
  EXPECT_NEAR(weight(SaliencyMap::kClip), 1, 1e-6);
}

TEST(SaliencyWeights, SharesOfNothingAreEqual) {
  const at::Tensor weights = Weights(
      SaliencyMap::kShare, SaliencyGranularity::kInstance, at::zeros({1, 2}));
  EXPECT_NEAR(weights[0][0].item<double>(), 0.5, 1e-6);
}

TEST(SaliencyWeights, BatchGranularityMapsTheMeanScores) {
  const at::Tensor scores = at::tensor({1.0, 0.0, 2.0, 3.0}).view({2, 2});
  const at::Tensor weights =
      Weights(SaliencyMap::kShare, SaliencyGranularity::kBatch, scores);
  EXPECT_NEAR(weights[0][0].item<double>(), 0.5, 1e-6);
  EXPECT_TRUE(at::equal(weights[0], weights[1]));
}

}  // namespace
}  // namespace msdbench
