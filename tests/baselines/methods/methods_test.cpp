// Each method against the objective as it is written, and its options.

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baselines/methods/method.h"
#include "baselines/methods/saliency.h"
#include "tests/baselines/methods/step_fixture.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

constexpr double kExact = 1e-6;

TEST(None, DescendsTheMeanTaskLossOfItsViews) {
  StepFixture fixture;
  const auto method = fixture.Make("none", {{"views", {"multimodal", "text"}}});
  EXPECT_FALSE(method->UsesTeacher());
  const StepReport report = fixture.Step(*method);
  const auto got = fixture.Gradients();

  fixture.student->zero_grad();
  const ViewLogits logits = fixture.student->Forward(
      fixture.batch, {View::kMultimodal, View::kText}, Removal::kDrop);
  const at::Tensor loss =
      (TaskLoss(fixture.head, logits[View::kMultimodal], fixture.batch.targets)
           .mean() +
       TaskLoss(fixture.head, logits[View::kText], fixture.batch.targets)
           .mean()) /
      2;
  loss.backward();
  EXPECT_LT(LargestGap(got, fixture.Gradients()), kExact);
  EXPECT_NEAR(report.losses.front().second.item<double>(), loss.item<double>(),
              kExact);
}

TEST(Kd, IsTheObjectiveWithoutModalityTerms) {
  StepFixture fixture;
  const auto method = fixture.Make("kd", {{"lambda", 0.3}, {"temperature", 4}});
  const StepReport report = fixture.Step(*method);
  const auto got = fixture.Gradients();
  EXPECT_FALSE(report.weights.defined());
  ObjectiveOptions options;
  options.lambda = 0.3;
  options.temperature = 4;
  EXPECT_LT(LargestGap(got, fixture.ExpectedGradients(options, {})), kExact);
}

TEST(MsdFixed, UsesTheGivenWeights) {
  StepFixture fixture;
  const auto method =
      fixture.Make("msd-fixed", {{"text_weight", 0.2}, {"image_weight", 1.5}});
  const StepReport report = fixture.Step(*method);
  const auto got = fixture.Gradients();
  const at::Tensor weights =
      at::tensor({0.2F, 1.5F}).unsqueeze(0).expand({4, 2});
  EXPECT_TRUE(at::equal(report.weights, weights));
  EXPECT_LT(LargestGap(got, fixture.ExpectedGradients({}, weights)), kExact);
}

TEST(MsdFixed, ZeroWeightsAreKd) {
  StepFixture fixture;
  fixture.Step(
      *fixture.Make("msd-fixed", {{"text_weight", 0}, {"image_weight", 0}}));
  const auto msd = fixture.Gradients();
  fixture.Step(*fixture.Make("kd"));
  EXPECT_LT(LargestGap(msd, fixture.Gradients()), kExact);
}

TEST(MsdPopulation, UsesTheMeanWeightsOfTheTrainingSplit) {
  StepFixture fixture;
  const auto method = fixture.Make("msd-population", {{"measure", "js"}});
  const StepReport report = fixture.Step(*method);
  SaliencyOptions options;
  options.measure = SaliencyMeasure::kJs;
  const at::Tensor scores =
      SaliencyScores(options.measure, fixture.head, fixture.teacher.logits,
                     fixture.batch.targets);
  const at::Tensor mean = SaliencyWeights(options, scores).mean(0);
  for (std::int64_t row = 0; row < 4; ++row) {
    EXPECT_TRUE(at::allclose(report.weights[row], mean, 1e-5, 1e-6));
  }
  const Json summary = method->Summary();
  EXPECT_NEAR(summary["weight"]["text"].get<double>(), mean[0].item<double>(),
              kExact);
  EXPECT_NEAR(summary["score"]["image"].get<double>(),
              scores.mean(0)[1].item<double>(), 1e-5);
}

TEST(MsdSaliency, WeighsEachExampleByItsOwnSaliency) {
  StepFixture fixture;
  const auto method =
      fixture.Make("msd-saliency", {{"measure", "l1"}, {"map", "tanh"}});
  const StepReport report = fixture.Step(*method);
  const auto got = fixture.Gradients();
  SaliencyOptions options;
  options.measure = SaliencyMeasure::kL1;
  options.map = SaliencyMap::kTanh;
  const at::Tensor weights = SaliencyWeights(
      options, SaliencyScores(options.measure, fixture.head,
                              fixture.teacher.logits, fixture.batch.targets));
  EXPECT_TRUE(at::allclose(report.weights, weights));
  EXPECT_LT(LargestGap(got, fixture.ExpectedGradients({}, weights)), kExact);
}

TEST(MsdSaliency, DatasetGranularityMapsTheMeanScores) {
  StepFixture fixture;
  const StepReport report =
      fixture.Step(*fixture.Make("msd-saliency", {{"granularity", "dataset"}}));
  const at::Tensor mean =
      SaliencyScores(SaliencyMeasure::kKl, fixture.head, fixture.teacher.logits,
                     fixture.batch.targets)
          .mean(0);
  EXPECT_TRUE(at::allclose(report.weights[0], mean / mean.sum(), 1e-5, 1e-6));
}

TEST(Methods, EveryOneTakesAStepThatMovesTheStudent) {
  for (const MethodKind& kind : MethodKinds()) {
    StepFixture fixture;
    const StepReport report = fixture.Step(*fixture.Make(kind.name));
    EXPECT_EQ(report.losses.front().first, "total") << kind.name;
    EXPECT_TRUE(report.losses.front().second.isfinite().item<bool>());
    double moved = 0;
    for (const at::Tensor& gradient : fixture.Gradients()) {
      moved += gradient.abs().sum().item<double>();
    }
    EXPECT_GT(moved, 0) << kind.name;
  }
}

TEST(Methods, OptionsAreResolvedWithDefaults) {
  const MadeMethod made =
      MakeMethod("msd-saliency", {{"map", "clip"}}, {}, "suite", "/methods/0");
  EXPECT_EQ(made.options.values.dump(),
            R"({"lambda":0.5,"temperature":2.0,"divergence":"auto",)"
            R"("measure":"kl","map":"clip","granularity":"instance",)"
            R"("map_temperature":1.0})");
}

std::string MessageOf(const std::string& kind, const Json& options) {
  try {
    MakeMethod(kind, options, {}, "suite.json", "/methods/2");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(Methods, ErrorsNameThePlaceAndWhatIsAllowed) {
  EXPECT_THAT(MessageOf("msd", {}),
              HasSubstr("suite.json: /methods/2: \"msd\" is not a method; "
                        "known: none, kd, msd-fixed"));
  EXPECT_THAT(MessageOf("kd", {{"temprature", 2}}),
              HasSubstr("/methods/2/options/temprature: unknown option; known "
                        "here: lambda, temperature, divergence"));
  EXPECT_THAT(MessageOf("msd-saliency", {{"measure", "chi2"}}),
              HasSubstr("/methods/2/options/measure: \"chi2\" is not one of "
                        "kl, js, l1, logit_mse, loss"));
  EXPECT_THAT(MessageOf("none", {{"views", {"audio"}}}),
              HasSubstr("/methods/2/options/views"));
}

}  // namespace
}  // namespace msdbench
