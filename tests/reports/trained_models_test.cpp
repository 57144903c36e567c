#include "reports/trained_models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reports/comparison.h"
#include "reports/mcnemar.h"
#include "reports/record_store.h"
#include "reports/report.h"
#include "reports/trained_models_tables.h"
#include "tests/reports/simulated_predictions.h"
#include "tests/reports/simulated_record.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kFile[] = "predictions.safetensors";
constexpr std::int64_t kExamples = 100;

// A model that is right on every example but those from `first` to `last`, of
// two labels that take turns.
SimulatedPredictions WrongOn(std::int64_t first, std::int64_t last) {
  SimulatedPredictions run;
  for (std::int64_t i = 0; i < kExamples; ++i) {
    const bool right = i < first || i >= last;
    const auto label = static_cast<std::int32_t>(i % 2);
    run.gold_label.push_back(label);
    const bool one = (label == 1) == right;
    run.logits.push_back(one ? 0.0F : 1.0F);
    run.logits.push_back(one ? 1.0F : 0.0F);
  }
  return run;
}

class Store {
 public:
  // A record with `accuracy`, its predictions beside it.
  void Add(const std::string& method, std::uint64_t seed, double accuracy,
           const SimulatedPredictions& run) {
    Record(method, seed, accuracy);
    WriteSimulated(RunFolder(folder_.path(), "snli_ve", method, seed) / kFile,
                   run);
  }

  void Record(const std::string& method, std::uint64_t seed, double accuracy,
              const char* predictions = kFile) {
    Simulated run{"snli_ve", method, method, seed, {{"accuracy", accuracy}}};
    Json json = SimulatedRecord(run);
    json["predictions"] =
        predictions == nullptr ? Json(nullptr) : Json(predictions);
    WriteRecord(RecordFile(folder_.path(), "snli_ve", method, seed), json);
  }

  TrainedModels Compared(std::size_t metrics = 2) const {
    const auto loaded = LoadRecords(folder_.path());
    const RunMatrix matrix(loaded.records, {{"kd", "msd"}, {}});
    std::size_t reference = 0;
    while (matrix.methods()[reference].name != "kd") ++reference;
    return CompareModels(matrix, reference, metrics, folder_.path());
  }

  std::string Report() const {
    WriteReport(folder_.path(), folder_ / "out", {"md"});
    return ReadTextFile(folder_ / "out" / "report.md");
  }

 private:
  TestFolder folder_;
};

// Seed 1: kd is wrong on 10 to 30, msd on 20 to 25: 5 of both, 15 of kd only.
// Seed 2: kd is wrong on 0 to 10, msd on 8 to 20: 8 and 10. p by the binomial
// distribution: 2 / 2^15, and over 18 one of 8 to 10, so 1 - C(18,9) / 2^18.
void TwoSeeds(Store& store) {
  store.Add("kd", 1, 0.80, WrongOn(10, 30));
  store.Add("kd", 2, 0.90, WrongOn(0, 10));
  store.Add("msd", 1, 0.95, WrongOn(20, 25));
  store.Add("msd", 2, 0.88, WrongOn(8, 20));
  store.Add("teacher", 1000, 1.0, WrongOn(0, 0));
}

TEST(CompareModels, HandWorked) {
  Store store;
  TwoSeeds(store);
  const TrainedModels models = store.Compared();
  ASSERT_EQ(models.pairs.size(), 2u);
  const ModelPair& one = models.pairs[0];
  const ModelPair& two = models.pairs[1];
  EXPECT_EQ(one.metric, "accuracy");
  EXPECT_EQ(one.seed, 1u);
  EXPECT_EQ(one.test.examples, 100u);
  EXPECT_NEAR(*one.test.difference, 0.15, 1e-12);
  EXPECT_NEAR(*one.test.p, std::pow(2.0, -14), 1e-12);
  EXPECT_NEAR(*one.p_holm, std::pow(2.0, -13), 1e-12);
  EXPECT_TRUE(one.differs);
  EXPECT_NEAR(*two.test.difference, -0.02, 1e-12);
  EXPECT_NEAR(*two.test.p, 1 - 48620 / std::pow(2.0, 18), 1e-12);
  EXPECT_EQ(*two.p_holm, *two.test.p);
  EXPECT_FALSE(two.differs);

  ASSERT_EQ(models.spreads.size(), 3u);
  const ModelSpread& teacher = models.spreads[0];
  EXPECT_EQ(teacher.models, 1u);
  EXPECT_EQ(teacher.pairs, 0u);
  EXPECT_EQ(teacher.example_error, 0.0);
  const ModelSpread& kd = models.spreads[1];
  EXPECT_EQ(kd.models, 2u);
  EXPECT_NEAR(*kd.over_seeds.sd, 0.1 / std::sqrt(2), 1e-12);
  // Variances p (1 - p) / (n - 1): 0.16 and 0.09 over 99.
  EXPECT_NEAR(*kd.example_error, std::sqrt((0.16 + 0.09) / 2 / 99), 1e-12);
  const ModelSpread& msd = models.spreads[2];
  EXPECT_EQ(msd.pairs, 2u);
  EXPECT_EQ(msd.better, 1u);
  EXPECT_EQ(msd.worse, 0u);
  EXPECT_THAT(models.left_out, IsEmpty());
}

TEST(CompareModels, TablesOfTheReport) {
  Store store;
  TwoSeeds(store);
  const std::string report = store.Report();
  // 100 sd = 7.07, 100 error = 3.55; msd: 4.95 and 100 sqrt((0.0475 + 0.1056) /
  // 2 / 99) = 2.78.
  EXPECT_THAT(report, HasSubstr(R"(
| Data set      | Method  | Models | Over seeds | Over examples | Better |  Worse |
| ------------- | ------- | -----: | ---------: | ------------: | -----: | -----: |
| SNLI-VE / acc | teacher |      1 |          - |          0.00 |      - |      - |
| SNLI-VE / acc | kd      |      2 |       7.07 |          3.55 |      - |      - |
| SNLI-VE / acc | msd     |      2 |       4.95 |          2.78 | 1 of 2 | 0 of 2 |
)"));
  EXPECT_THAT(report, HasSubstr("this table's 2 tests"));
  EXPECT_THAT(report, HasSubstr("### Trained models, seed by seed\n"));
  EXPECT_THAT(report, HasSubstr("| SNLI-VE / acc | msd    |    1 |      +15.0 "
                                "|"));
  EXPECT_THAT(report, HasSubstr("| 6.1e-05 |      0.00012 |"));
}

TEST(CompareModels, WhatCannotBeUsedIsSaid) {
  Store store;
  store.Add("kd", 1, 0.80, WrongOn(10, 30));
  store.Add("kd", 2, 0.80, WrongOn(10, 30));
  store.Record("kd", 3, 0.80);
  store.Add("kd", 4, 0.80, WrongOn(10, 30));
  store.Record("msd", 1, 0.95, nullptr);
  SimulatedPredictions old = WrongOn(20, 25);
  old.gold_label.clear();
  store.Add("msd", 2, 0.95, old);
  store.Add("msd", 3, 0.95, WrongOn(20, 25));
  SimulatedPredictions others = WrongOn(20, 25);
  others.example_ids = "others";
  store.Add("msd", 4, 0.95, others);
  // Left behind by another run.
  store.Add("msd", 5, 0.50, WrongOn(20, 25));
  const TrainedModels models = store.Compared();
  EXPECT_THAT(models.pairs, IsEmpty());
  ASSERT_EQ(models.spreads.size(), 2u);
  EXPECT_THAT(models.spreads[0].notes,
              ElementsAre("seed 3: predictions not used: no file "
                          "predictions.safetensors"));
  EXPECT_THAT(
      models.spreads[1].notes,
      ElementsAre("seed 3: not compared: no usable predictions of the "
                  "reference",
                  "seed 4: not compared: predictions of other test examples "
                  "than the reference's",
                  "seed 2: predictions not used: has no test/gold: the test "
                  "split has no labels, or an older version wrote it",
                  "seed 1: predictions not used: the record names none",
                  "seed 5: predictions not used: they do not give the record's "
                  "accuracy"));
}

TEST(CompareModels, WithoutAnyPredictionsTheReportSaysSo) {
  Store store;
  store.Record("kd", 1, 0.80);
  store.Record("msd", 1, 0.95);
  EXPECT_THAT(store.Compared().left_out,
              ElementsAre("SNLI-VE: no usable predictions beside its records "
                          "(no file predictions.safetensors)"));
  EXPECT_THAT(store.Report(),
              HasSubstr("## Trained models, example by example\n\n- SNLI-VE: "
                        "no usable predictions"));
}

TEST(ModelPairsTable, HundredsOfPairsAreOnlyCounted) {
  const std::vector<Record> records = {Simulate({"snli_ve", "kd", "kd", 1}),
                                       Simulate({"snli_ve", "msd", "msd", 1})};
  const RunMatrix matrix(records);
  TrainedModels models;
  ModelPair pair;
  pair.metric = "multilabel_micro_f1";
  models.pairs.resize(kMostPairRows, pair);
  EXPECT_EQ(ModelPairsTable(matrix, 0, models, 1).rows.size(), kMostPairRows);
  EXPECT_EQ(TrainedModelsTable(matrix, 0, models, 1).legend,
            "With 500 tests, those by 10000 random repetitions (micro F1) are "
            "too coarse to pass Holm's first step.");
  models.pairs.resize(kMostPairRows + 1);
  EXPECT_THAT(ModelPairsTable(matrix, 0, models, 1).rows, IsEmpty());
  EXPECT_THAT(TrainedModelsTable(matrix, 0, models, 1).legend,
              HasSubstr("So many are not listed one by one."));
  models.pairs.resize(250);
  EXPECT_EQ(TrainedModelsTable(matrix, 0, models, 1).legend, "");
  // Sign flips reach half of a bootstrap's least p, McNemar's test any.
  models.pairs.resize(500);
  for (ModelPair& other : models.pairs) other.metric = "vqa_accuracy";
  EXPECT_EQ(TrainedModelsTable(matrix, 0, models, 1).legend, "");
}

TEST(CompareModels, OtherMetricsAreLeftOutByName) {
  const TestFolder folder;
  const auto add = [&](const char* method, const std::vector<float>& logits) {
    SimulatedPredictions run;
    run.labels = 3;
    run.logits = logits;
    run.gold_labels = {1, 1, 0, 0, 1, 0, 1, 1, 0};
    const double micro = method == std::string("kd") ? 6.0 / 9 : 1;
    Json json = SimulatedRecord(
        {"mm_imdb",
         method,
         method,
         1,
         {{"multilabel_micro_f1", micro}, {"multilabel_macro_f1", 0.5}}});
    json["predictions"] = kFile;
    WriteRecord(RecordFile(folder.path(), "mm_imdb", method, 1), json);
    WriteSimulated(RunFolder(folder.path(), "mm_imdb", method, 1) / kFile, run);
  };
  add("kd", {1, -1, 2, -3, 0, -1, 4, 4, -4});
  add("msd", {1, 1, -2, -3, 1, -1, 4, 4, -4});
  const auto loaded = LoadRecords(folder.path());
  const RunMatrix matrix(loaded.records);
  ComparisonOptions options;
  options.store = folder.path();
  const Comparison comparison = Compare(matrix, options);
  ASSERT_EQ(comparison.trained_models.pairs.size(), 1u);
  EXPECT_NEAR(*comparison.trained_models.pairs[0].test.difference, 3.0 / 9,
              1e-12);
  EXPECT_EQ(comparison.models.legend,
            "Left out: MM-IMDB / macro F1: no test by example of this metric.");
  EXPECT_EQ(comparison.models_by_seed.rows.size(), 1u);
  EXPECT_THAT(comparison.models_by_seed.rows[0][3].records,
              ElementsAre("mm_imdb/msd/seed-1/record.json",
                          "mm_imdb/kd/seed-1/record.json"));
}

}  // namespace
}  // namespace msdbench
