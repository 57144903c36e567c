#include "reports/model_outputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reports/random.h"
#include "reports/safetensors.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::filesystem::path Store(const TestFolder& folder, const std::string& name,
                            const std::vector<float>& values,
                            const std::vector<std::int64_t>& shape,
                            const std::string& dtype = "F32") {
  const auto file = folder / "p.safetensors";
  WriteSafetensors(file, {{name, dtype, shape, values.data(),
                           values.size() * sizeof(float)}});
  return file;
}

// log 3 to 0 is a probability of 3/4.
const float kLog3 = std::log(3.0F);

TEST(ModelOutputs, TwoLabelsGiveTheProbabilityOfClassOne) {
  const TestFolder folder;
  const auto outputs = ReadModelOutputs(
      Store(folder, "test/text", {0, kLog3, kLog3, 0, 1000, -1000}, {3, 2}),
      "single_label");
  EXPECT_THAT(outputs.values[1],
              ElementsAre(DoubleNear(0.75, 1e-7), DoubleNear(0.25, 1e-7), 0));
  EXPECT_THAT(outputs.values[0], IsEmpty());
}

TEST(ModelOutputs, MoreLabelsGiveThatOfThePredictedClass) {
  const TestFolder folder;
  // exp: 1, 3, 1 and 2, 2, 2.
  const auto outputs = ReadModelOutputs(
      Store(folder, "test/multimodal", {0, kLog3, 0, 7, 7, 7}, {2, 3}),
      "single_label");
  EXPECT_THAT(outputs.values[0],
              ElementsAre(DoubleNear(0.6, 1e-7), DoubleNear(1.0 / 3, 1e-7)));
}

TEST(ModelOutputs, ManyLabelsGiveTheLargestSigmoid) {
  const TestFolder folder;
  const auto outputs = ReadModelOutputs(
      Store(folder, "test/image", {-5, kLog3, -1, -kLog3, -9, -9}, {2, 3}),
      "multi_label");
  EXPECT_THAT(outputs.values[2],
              ElementsAre(DoubleNear(0.75, 1e-7), DoubleNear(0.25, 1e-7)));
}

TEST(ModelOutputs, AnswersGiveTheirCredit) {
  const TestFolder folder;
  const auto outputs = ReadModelOutputs(
      Store(folder, "test/image/credit", {0, 0.5, 1}, {3}), "answer");
  EXPECT_THAT(outputs.values[2], ElementsAre(0, 0.5, 1));
}

TEST(ModelOutputs, WhatCannotBeReadIsNamed) {
  const TestFolder folder;
  const auto error = [&](const std::filesystem::path& file) {
    return ErrorOf([&] { ReadModelOutputs(file, "single_label"); });
  };
  EXPECT_THAT(error(Store(folder, "test/text", {0, 1}, {2})),
              HasSubstr("p.safetensors: test/text: F32 with 1 dimensions; "
                        "allowed: F32 with 2"));
  EXPECT_THAT(error(Store(folder, "test/text", {0, 1}, {1, 2}, "I32")),
              HasSubstr("allowed: F32"));
  EXPECT_THAT(
      error(Store(folder, "test/text",
                  {0, std::numeric_limits<float>::quiet_NaN()}, {1, 2})),
      HasSubstr("element 1 is nan; allowed: finite numbers"));
  EXPECT_NE(error(folder / "none.safetensors"), "");
}

TEST(OutputTitle, SaysWhatTheNumberIs) {
  EXPECT_EQ(OutputTitle("single_label", 2), "probability of class 1");
  EXPECT_EQ(OutputTitle("single_label", 3),
            "probability of the predicted class");
  EXPECT_EQ(OutputTitle("multi_label", 2), "largest probability of a label");
  EXPECT_EQ(OutputTitle("answer", 2), "credit of the answer");
}

TEST(Density, HasAreaOneWhereverTheValuesAre) {
  Random random(1, "density");
  for (int i = 0; i < 50; ++i) {
    std::vector<double> values;
    const double power = 6 * random.Uniform();
    for (int j = 0; j < 100; ++j) {
      values.push_back(std::pow(random.Uniform(), power));
    }
    const std::vector<double> density = Density(values, 201);
    double area = 0;  // by the trapezoid rule
    for (std::size_t p = 0; p < density.size(); ++p) {
      const bool end = p == 0 || p + 1 == density.size();
      area += density[p] * (end ? 0.5 : 1) / 200;
    }
    ASSERT_NEAR(area, 1, 1e-6);
  }
}

TEST(Density, IsAKernelAroundOneValue) {
  // Of a normal distribution with sd 0.03 at 0.5; the end is sixteen away.
  const std::vector<double> density = Density({0.5, 0.5}, 201);
  const double peak = 1 / (0.03 * std::sqrt(2 * 3.14159265358979));
  EXPECT_NEAR(density[100], peak, 0.01 * peak);
  EXPECT_NEAR(density[106], peak * std::exp(-0.5), 0.06 * peak);
  EXPECT_NEAR(density[0], 0, 1e-12);
  // At the end it is folded over: twice as high.
  EXPECT_NEAR(Density({1}, 201)[200], 2 * peak, 1e-9);
  EXPECT_THAT(Density({}, 61), IsEmpty());
}

TEST(Shares, OfTheNearestStep) {
  EXPECT_THAT(Shares({0, 0.3, 0.34, 1}, 11),
              ElementsAre(0.25, 0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0.25));
  EXPECT_THAT(Shares({-3, 7}, 2), ElementsAre(0.5, 0.5));
  EXPECT_THAT(Shares({}, 11), IsEmpty());
}

}  // namespace
}  // namespace msdbench
