#include "benchmarks/metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/json_file.h"
#include "tests/golden.h"

namespace msdbench {
namespace {

constexpr double kTolerance = 1e-12;

std::vector<bool> Flatten(const Json& rows) {
  std::vector<bool> flat;
  for (const Json& row : rows) {
    for (const Json& value : row) flat.push_back(value.get<int>() == 1);
  }
  return flat;
}

TEST(GoldenMetrics, RocAuc) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/roc_auc.json");
  const Json golden = ReadJsonFile(file);
  for (const Json& item : golden["cases"]) {
    std::vector<bool> positive;
    for (const Json& label : item["labels"]) {
      positive.push_back(label.get<int>() == 1);
    }
    const auto area =
        RocAuc(item["scores"].get<std::vector<double>>(), positive);
    const std::string name = item["name"];
    ASSERT_EQ(area.has_value(), item["error"].is_null()) << name;
    if (area) {
      EXPECT_NEAR(*area, item["auc"].get<double>(), kTolerance) << name;
    }
  }
}

TEST(GoldenMetrics, MultiLabelF1) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/classification.json");
  int checked = 0;
  const Json golden = ReadJsonFile(file);
  for (const Json& item : golden["cases"]) {
    if (item["kind"] != "multilabel") continue;
    const auto labels = static_cast<std::int64_t>(item["y_true"][0].size());
    const F1Scores f1 =
        MultiLabelF1(Flatten(item["y_pred"]), Flatten(item["y_true"]), labels);
    const std::string name = item["name"];
    EXPECT_NEAR(f1.micro, item["f1_micro"].get<double>(), kTolerance) << name;
    EXPECT_NEAR(f1.macro, item["f1_macro"].get<double>(), kTolerance) << name;
    EXPECT_NEAR(f1.weighted, item["f1_weighted"].get<double>(), kTolerance)
        << name;
    EXPECT_NEAR(f1.samples, item["f1_samples"].get<double>(), kTolerance)
        << name;
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST(GoldenMetrics, AccuracyThroughLogits) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/classification.json");
  constexpr std::int64_t kLabels = 16;
  int checked = 0;
  const Json golden = ReadJsonFile(file);
  for (const Json& item : golden["cases"]) {
    if (item["kind"] == "multilabel") continue;
    std::vector<Example> examples;
    std::vector<float> logits;
    for (std::size_t i = 0; i < item["y_true"].size(); ++i) {
      Example example;
      example.targets = {{item["y_true"][i].get<std::int32_t>(), 1}};
      examples.push_back(example);
      for (std::int64_t label = 0; label < kLabels; ++label) {
        logits.push_back(item["y_pred"][i] == label ? 2.0F : -1.0F);
      }
    }
    const auto values = ScoreLogits({"accuracy"}, Head::kSingleLabel, examples,
                                    logits.data(), kLabels);
    EXPECT_NEAR(*values[0].value, item["accuracy"].get<double>(), kTolerance);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

std::vector<Example> OneLabelEach(const std::vector<int>& labels) {
  std::vector<Example> examples;
  for (int label : labels) {
    Example example;
    example.targets = {{label, 1}};
    examples.push_back(example);
  }
  return examples;
}

TEST(RocAuc, CountsTiesHalf) {
  // Pairs (positive, negative): 2 > 1, 2 > 0, 1 = 1, 1 > 0: 3.5 of 4.
  EXPECT_DOUBLE_EQ(*RocAuc({2, 1, 1, 0}, {true, true, false, false}), 3.5 / 4);
  EXPECT_FALSE(RocAuc({1, 2}, {true, true}).has_value());
  EXPECT_FALSE(RocAuc({}, {}).has_value());
}

TEST(RocAuc, ScoresThatAreNoNumbersEnd) {
  const double nan = std::nan("");
  RocAuc({nan, nan, nan, 1}, {true, false, true, false});
}

TEST(ScoreLogits, OneClassHasNoAucButAReason) {
  const std::vector<float> logits = {0, 1, 1, 0};
  const auto values = ScoreLogits({"roc_auc", "accuracy"}, Head::kSingleLabel,
                                  OneLabelEach({1, 1}), logits.data(), 2);
  EXPECT_FALSE(values[0].value.has_value());
  EXPECT_EQ(values[0].reason, "only one class occurs in the split");
  EXPECT_DOUBLE_EQ(*values[1].value, 0.5);
}

TEST(ScoreLogits, AnswersEarnTheirCredit) {
  std::vector<Example> examples(2);
  examples[0].credit = {{0, 0.3F}, {2, 1.0F}};
  examples[1].credit = {{1, 0.9F}};
  const std::vector<float> logits = {5, 1, 2, 9, 1, 2};  // answers 0 and 0
  const auto values =
      ScoreLogits({"vqa_accuracy"}, Head::kAnswer, examples, logits.data(), 3);
  EXPECT_NEAR(*values[0].value, 0.15, 1e-7);
}

TEST(ScoreLogits, SigmoidOfExactlyOneHalfIsNotPredicted) {
  const std::vector<float> logits = {0, 1};
  std::vector<Example> examples(1);
  examples[0].targets = {{0, 1}, {1, 1}};
  const auto values = ScoreLogits({"multilabel_micro_f1"}, Head::kMultiLabel,
                                  examples, logits.data(), 2);
  EXPECT_DOUBLE_EQ(*values[0].value, 2.0 / 3);
}

TEST(ScoreLogits, RefusesAMetricThatDoesNotFit) {
  const std::vector<float> logits = {0, 1, 2};
  EXPECT_THROW(ScoreLogits({"roc_auc"}, Head::kSingleLabel, OneLabelEach({0}),
                           logits.data(), 3),
               Error);
  EXPECT_THROW(ScoreLogits({"accuracy"}, Head::kMultiLabel, OneLabelEach({0}),
                           logits.data(), 3),
               Error);
}

TEST(ConstantFloor, TakesTheCommonestLabel) {
  const auto floors = ConstantFloor({"accuracy"}, Head::kSingleLabel,
                                    OneLabelEach({0, 2, 2, 1, 2}), 3);
  EXPECT_DOUBLE_EQ(*floors[0].value, 0.6);
}

TEST(ConstantFloor, TakesTheBestNumberOfLabelsForEachF1) {
  // Rows {0}, {0, 1}: always {0}: micro 4/5, macro (1 + 0) / 2; always {0, 1}:
  // micro 6/7, macro (1 + 2/3) / 2.
  std::vector<Example> examples(2);
  examples[0].targets = {{0, 1}};
  examples[1].targets = {{0, 1}, {1, 1}};
  const auto floors =
      ConstantFloor({"multilabel_micro_f1", "multilabel_macro_f1"},
                    Head::kMultiLabel, examples, 2);
  EXPECT_NEAR(*floors[0].value, 6.0 / 7, 1e-12);
  EXPECT_NEAR(*floors[1].value, 5.0 / 6, 1e-12);
}

}  // namespace
}  // namespace msdbench
