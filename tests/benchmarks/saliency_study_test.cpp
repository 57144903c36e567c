#include "benchmarks/saliency_study.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "reports/json_file.h"

namespace msdbench {
namespace {

EncodedSplit SplitOf(int examples) {
  EncodedSplit split;
  split.label_count = 2;
  for (int i = 0; i < examples; ++i) {
    Example example;
    example.id = "e" + std::to_string(i);
    example.targets = {{0, 1}};
    split.examples.push_back(example);
  }
  return split;
}

const SaliencyRow& RowOf(const std::vector<SaliencyRow>& rows,
                         const std::string& measure) {
  for (const SaliencyRow& row : rows) {
    if (row.measure == measure) return row;
  }
  throw std::out_of_range(measure);
}

// Without the image example 0 falls from p = 0.8 to 0.5, without the text it
// stays; example 1 the other way round; example 2 loses by either.
ViewLogits Logits() {
  const float z = std::log(4.0F);
  ViewLogits logits;
  const auto rows = [](std::vector<float> first) {
    std::vector<float> both;
    for (float value : first) both.insert(both.end(), {value, 0});
    return at::tensor(both).view({-1, 2});
  };
  logits[View::kMultimodal] = rows({z, z, z});
  logits[View::kText] = rows({0, z, 0});
  logits[View::kImage] = rows({z, 0, 0});
  return logits;
}

Json Planted(const std::vector<std::string>& informative) {
  Json planted = {{"bayes", {{"text", 0.6}, {"image", 0.5}}},
                  {"informative", Json::object()}};
  for (std::size_t i = 0; i < informative.size(); ++i) {
    planted["informative"]["e" + std::to_string(i)] = informative[i];
  }
  return planted;
}

TEST(SaliencyStudy, ScoresAndWeightsByHand) {
  const auto rows = StudySaliency("d", SplitOf(3), Logits(), Json());
  // KL((.5, .5) || (.8, .2)) = ln 1.25.
  const double kl = std::log(1.25);
  const SaliencyRow& row = RowOf(rows, "kl");
  EXPECT_NEAR(row.image_score, 2 * kl / 3, 1e-6);
  EXPECT_NEAR(row.text_score, 2 * kl / 3, 1e-6);
  EXPECT_NEAR(row.image_weight, (1 + 0 + 0.5) / 3, 1e-6);
  // The label loss rises from -ln 0.8 to ln 2.
  EXPECT_NEAR(RowOf(rows, "loss").image_score, 2 * std::log(1.6) / 3, 1e-6);
  EXPECT_FALSE(row.ranking.has_value());
  EXPECT_EQ(row.planted_side, "");
}

TEST(SaliencyStudy, RanksAgainstThePlantedRule) {
  for (const SaliencyRow& row : StudySaliency(
           "d", SplitOf(3), Logits(), Planted({"image", "text", "both"}))) {
    EXPECT_EQ(row.ranking, 1) << row.measure;
    EXPECT_EQ(row.pairs, 3);
    EXPECT_EQ(row.planted_side, "text");
  }
  for (const SaliencyRow& row : StudySaliency(
           "d", SplitOf(3), Logits(), Planted({"text", "image", "both"}))) {
    EXPECT_EQ(row.ranking, 0) << row.measure;
  }
}

TEST(SaliencyStudy, NothingIsRankedWhereAllExamplesAreAlike) {
  for (const SaliencyRow& row : StudySaliency(
           "d", SplitOf(3), Logits(), Planted({"both", "both", "none"}))) {
    EXPECT_FALSE(row.ranking.has_value()) << row.measure;
    EXPECT_EQ(row.pairs, 0);
  }
}

}  // namespace
}  // namespace msdbench
