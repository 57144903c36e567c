#include "reports/across_datasets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/comparison.h"
#include "reports/render_markdown.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Record OneRun(const std::string& dataset, const std::string& method,
              std::uint64_t seed, double value) {
  return Simulate({dataset, method, method, seed, {{"accuracy", value}}});
}

// kd has 0.55 and 0.71 on average. Less those: kd -0.05, 0.05, -0.01, 0.01; msd
// 0.05, 0.09, 0.09, 0.13. Of four runs the lowest and the highest are cut off.
// msd wins 3 of 4 pairs on the first data set and
// half of one is tied; all on the second.
std::vector<Record> TwoDatasets() {
  return {OneRun("snli_ve", "kd", 1, 0.50),  OneRun("snli_ve", "kd", 2, 0.60),
          OneRun("vqa_v2", "kd", 1, 0.70),   OneRun("vqa_v2", "kd", 2, 0.72),
          OneRun("snli_ve", "msd", 1, 0.60), OneRun("snli_ve", "msd", 2, 0.64),
          OneRun("vqa_v2", "msd", 1, 0.80),  OneRun("vqa_v2", "msd", 2, 0.84)};
}

TEST(CompareAcross, HandWorked) {
  const auto records = TwoDatasets();
  const AcrossDatasets across = CompareAcross(RunMatrix(records), 0);
  EXPECT_THAT(across.datasets, ElementsAre(0u, 1u));
  ASSERT_EQ(across.methods.size(), 2u);
  EXPECT_NEAR(*across.methods[0].iqm, 0, 1e-15);
  EXPECT_EQ(across.methods[0].runs, 4u);
  EXPECT_FALSE(across.methods[0].improvement.has_value());
  EXPECT_NEAR(*across.methods[1].iqm, 0.09, 1e-15);
  EXPECT_DOUBLE_EQ(*across.methods[1].improvement, (3.5 / 4 + 1) / 2);
  ASSERT_TRUE(across.methods[1].iqm_interval.has_value());
  EXPECT_NEAR(across.methods[1].iqm_interval->low, 0.065, 1e-12);
  EXPECT_NEAR(across.methods[1].iqm_interval->high, 0.11, 1e-12);
}

// Seeds are drawn for both. msd less kd's mean on the first data set: 0.10
// twice (seed 1 twice), 0.05 and 0.09 (each once) or 0.04 twice; on the second
// 0.10 twice, 0.09 and 0.13, or 0.12 twice. The middle two runs are lowest,
// 0.04 and 0.09, in 2 samples of 16, and highest, 0.10 and 0.12, in one;
// improvement is 3.5 / 4 on the first data set where each seed came once,
// else 1. With two runs a data set the interval goes from the lowest sample to
// the highest.
TEST(AcrossTable, HandWorked) {
  const auto records = TwoDatasets();
  const Comparison comparison = Compare(RunMatrix(records));
  EXPECT_EQ(RenderMarkdown(comparison.overall), R"(## Over all data sets

Interquartile mean (IQM) over all runs on SNLI-VE / acc, VQA v2 / acc of the difference to the mean of kd on the same data set, in points of percent, and the chance that a run beats one of kd on the same data set, ties half, mean over the data sets. In brackets 95 % intervals of a stratified bootstrap over the seeds of both sides: they describe, and are no claims.

| Method | Runs |                IQM |   P(better than kd) |
| ------ | ---: | -----------------: | ------------------: |
| kd     |    4 |                0.0 |                   - |
| msd    |    4 | +9.0 (6.5 to 11.0) | 0.94 (0.94 to 1.00) |
)");
}

// Unscaled, the worst and the best data set would be the quarters cut off.
TEST(CompareAcross, ALossOnOneDataSetCounts) {
  std::vector<Record> records;
  const std::pair<const char*, double> sets[] = {{"mm_imdb", 0.5},
                                                 {"vqa_v2", 0.6},
                                                 {"hateful_memes", 0.7},
                                                 {"snli_ve", 0.8}};
  for (const auto& [dataset, level] : sets) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const double noise = 0.01 * static_cast<double>(seed);
      records.push_back(OneRun(dataset, "kd", seed, level + noise));
      const bool two = level < 0.65;  // worse on two of four
      records.push_back(
          OneRun(dataset, "msd", seed, level + noise - (two ? 0.2 : 0)));
    }
  }
  const AcrossDatasets across = CompareAcross(RunMatrix(records), 0);
  EXPECT_LT(*across.methods[1].iqm, -0.05);
}

TEST(CompareAcross, OneDataSetIsNothingToCompareAcross) {
  const std::vector<Record> records = {OneRun("snli_ve", "kd", 1, 0.5),
                                       OneRun("snli_ve", "msd", 1, 0.6)};
  const Comparison comparison = Compare(RunMatrix(records));
  EXPECT_THAT(comparison.across.methods, IsEmpty());
  EXPECT_THAT(comparison.overall.rows, IsEmpty());
}

TEST(CompareAcross, AMethodWithoutADataSetHasNoNumbersAndSaysWhy) {
  auto records = TwoDatasets();
  records.push_back(OneRun("vqa_v2", "none", 1, 0.9));
  const AcrossDatasets across = CompareAcross(RunMatrix(records), 1);
  ASSERT_EQ(across.methods.size(), 3u);
  EXPECT_FALSE(across.methods[0].iqm || across.methods[0].improvement);
  EXPECT_EQ(across.methods[0].reason, "no value on SNLI-VE");
  EXPECT_TRUE(across.methods[1].iqm && across.methods[2].improvement);
}

TEST(CompareAcross, DataSetsThatCannotJoinAreNamed) {
  auto records = TwoDatasets();
  Json json = SimulatedRecord({"mine", "kd", "kd", 1, {{"loss", 0.5}}});
  json["metrics"][0]["higher_is_better"] = false;
  records.push_back(ParseRecord(json, "mine/kd/seed-1/record.json"));
  records.push_back(SimulateFailure({"mm_imdb", "kd", "kd", 1}, "no memory"));
  const RunMatrix matrix(records);
  const AcrossDatasets across = CompareAcross(matrix, 0);
  EXPECT_THAT(across.left_out,
              ElementsAre("mine: lower is better",
                          "MM-IMDB: no run has a value of its primary metric"));
  EXPECT_EQ(across.datasets.size(), 2u);
  EXPECT_EQ(AcrossTable(matrix, 0, across, 1).legend,
            "Left out: mine: lower is better; MM-IMDB: no run has a value of "
            "its primary metric.");
}

TEST(CompareAcross, WithoutAReferenceThereIsNoImprovement) {
  const std::vector<Record> records = {OneRun("snli_ve", "msd", 1, 0.5),
                                       OneRun("vqa_v2", "msd", 1, 0.6)};
  const Comparison comparison = Compare(RunMatrix(records));
  ASSERT_EQ(comparison.overall.columns.size(), 3u);
  EXPECT_EQ(comparison.overall.rows[0][2].text, "0.0");
}

}  // namespace
}  // namespace msdbench
