#include "benchmarks/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/golden.h"
#include "tests/golden_file.h"

namespace msdbench {
namespace {

constexpr GoldenBound kTolerance = {1e-12, 0, 0};

std::vector<bool> Flatten(const Json& rows) {
  std::vector<bool> flat;
  for (const Json& row : rows) {
    for (const Json& value : row) flat.push_back(value.get<int>() == 1);
  }
  return flat;
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

class GoldenMetrics : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenMetrics);

TEST_P(GoldenMetrics, RocAuc) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/roc_auc.json");
  const GoldenFile golden(file);
  GoldenTally tally;
  for (const GoldenJson& item : golden.at("cases").items()) {
    tally.Case(item.at("name").text());
    std::vector<bool> positive;
    for (const int label : item.at("labels").get<std::vector<int>>()) {
      positive.push_back(label == 1);
    }
    const auto area =
        RocAuc(item.at("scores").get<std::vector<double>>(), positive);
    tally.Equal("has a value", area.has_value(),
                item.at("error").json().is_null());
    tally.Equal("the file has one", item.at("auc").json().is_number(),
                area.has_value());
    if (area) tally.Near("auc", *area, item.at("auc").number(), kTolerance);
  }
}

TEST_P(GoldenMetrics, MultiLabelF1) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/classification.json");
  const GoldenFile golden(file);
  GoldenTally tally;
  for (const GoldenJson& item : golden.at("cases").items()) {
    if (item.at("kind").text() != "multilabel") {
      item.Leave();
      continue;
    }
    tally.Case(item.at("name").text());
    const auto labels =
        static_cast<std::int64_t>(item.at("y_true").at(0).size());
    const F1Scores f1 = MultiLabelF1(Flatten(item.at("y_pred").json()),
                                     Flatten(item.at("y_true").json()), labels);
    tally.Near("micro", f1.micro, item.at("f1_micro").number(), kTolerance);
    tally.Near("macro", f1.macro, item.at("f1_macro").number(), kTolerance);
    tally.Near("weighted", f1.weighted, item.at("f1_weighted").number(),
               kTolerance);
    tally.Near("samples", f1.samples, item.at("f1_samples").number(),
               kTolerance);
    // Metrics that the project does not have.
    item.Leave({"subset_accuracy", "elementwise_accuracy", "f1_per_label",
                "precision_micro", "recall_micro", "precision_macro",
                "recall_macro", "f1_micro_zero_division_1",
                "f1_macro_zero_division_1", "f1_weighted_zero_division_1",
                "f1_samples_zero_division_1"});
  }
}

TEST_P(GoldenMetrics, AccuracyThroughLogits) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/classification.json");
  const GoldenFile golden(file);
  GoldenTally tally;
  for (const GoldenJson& item : golden.at("cases").items()) {
    const std::string kind = item.at("kind").text();
    if (kind == "multilabel") {
      item.Leave();
      continue;
    }
    ASSERT_TRUE(kind == "multiclass" || kind == "binary") << kind;
    tally.Case(item.at("name").text());
    // Metrics that the project does not have for one label an example.
    item.Leave({"f1_micro", "f1_macro", "f1_weighted", "f1_binary", "precision",
                "recall", "f1_micro_zero_division_1",
                "f1_macro_zero_division_1", "f1_weighted_zero_division_1",
                "f1_binary_zero_division_1"});
    const auto truth = item.at("y_true").get<std::vector<std::int32_t>>();
    const auto predicted = item.at("y_pred").get<std::vector<std::int32_t>>();
    const std::int64_t labels =
        1 + std::max(*std::max_element(truth.begin(), truth.end()),
                     *std::max_element(predicted.begin(), predicted.end()));
    std::vector<float> logits;
    for (std::int32_t prediction : predicted) {
      for (std::int64_t label = 0; label < labels; ++label) {
        logits.push_back(prediction == label ? 2.0F : -1.0F);
      }
    }
    const auto values = ScoreLogits({"accuracy"}, Head::kSingleLabel,
                                    OneLabelEach(truth), logits.data(), labels);
    tally.Near("accuracy", *values[0].value, item.at("accuracy").number(),
               kTolerance);
  }
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

TEST(ScoreLogits, OnlyF1KnowsAThreshold) {
  const std::vector<float> logits = {2, 1, -1};  // sigmoids 0.88, 0.73, 0.27
  std::vector<Example> examples(1);
  examples[0].targets = {{0, 1}};
  const auto f1 = [&](double threshold) {
    return *ScoreLogits({"multilabel_micro_f1"}, Head::kMultiLabel, examples,
                        logits.data(), 3, threshold)[0]
                .value;
  };
  EXPECT_DOUBLE_EQ(f1(0.9), 0);
  EXPECT_DOUBLE_EQ(f1(0.8), 1);
  EXPECT_DOUBLE_EQ(f1(0.5), 2.0 / 3);
  EXPECT_DOUBLE_EQ(f1(0.2), 2.0 / 4);
}

TEST(BestF1Threshold, TakesTheBestAndOfEqualsTheNearestToHalf) {
  const auto best = [](std::vector<float> sigmoids, std::vector<bool> actual) {
    std::vector<Example> examples(actual.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (actual[i]) examples[i].targets = {{0, 1}};
      sigmoids[i] = std::log(sigmoids[i] / (1 - sigmoids[i]));
    }
    return BestF1Threshold("multilabel_micro_f1", examples, sigmoids.data(), 1);
  };
  // 0.21 to 0.30 are perfect.
  EXPECT_DOUBLE_EQ(best({0.305F, 0.355F, 0.205F, 0.8F}, {1, 1, 0, 1}), 0.30);
  // 0.71 to 0.90 are.
  EXPECT_DOUBLE_EQ(best({0.905F, 0.705F, 0.6F}, {1, 0, 0}), 0.71);
  // 0.11 to 0.90 are.
  EXPECT_DOUBLE_EQ(best({0.905F, 0.105F}, {1, 0}), 0.50);
  // Nothing is right, whatever the threshold.
  EXPECT_DOUBLE_EQ(best({0.9F, 0.1F}, {0, 0}), 0.50);
}

TEST(BestF1Threshold, NoOtherIsBetterOnRandomScores) {
  Random random(1, "threshold");
  for (int round = 0; round < 20; ++round) {
    constexpr int kRows = 30, kLabels = 4;
    std::vector<Example> examples(kRows);
    std::vector<float> logits;
    for (Example& example : examples) {
      for (int label = 0; label < kLabels; ++label) {
        const bool actual = random.Below(4) == 0;
        if (actual) example.targets.push_back({label, 1});
        logits.push_back(
            static_cast<float>(random.Normal() + (actual ? 0.5 : -1)));
      }
    }
    // Pooled counts, from the probabilities themselves.
    const auto micro = [&](int percent) {
      double hit = 0, guessed = 0, wanted = 0;
      for (int row = 0; row < kRows; ++row) {
        std::vector<bool> actual(kLabels, false);
        for (const LabelScore& target : examples[row].targets) {
          actual[target.label] = true;
        }
        for (int label = 0; label < kLabels; ++label) {
          const double p = 1 / (1 + std::exp(-logits[row * kLabels + label]));
          const bool predicted = p > percent / 100.0;
          hit += predicted && actual[label];
          guessed += predicted;
          wanted += actual[label];
        }
      }
      return 2 * hit / (guessed + wanted);
    };
    const double chosen = BestF1Threshold("multilabel_micro_f1", examples,
                                          logits.data(), kLabels);
    const int percent = static_cast<int>(std::lround(100 * chosen));
    for (int other = 1; other <= 99; ++other) {
      EXPECT_LE(micro(other), micro(percent));
      if (std::abs(other - 50) < std::abs(percent - 50)) {
        EXPECT_LT(micro(other), micro(percent));
      }
    }
  }
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
