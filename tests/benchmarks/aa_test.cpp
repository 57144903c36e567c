// KD against itself through the whole pipeline, as the suite `aa` does it. How
// often such a table claims a difference is tested on simulated records, in
// tests/reports/aa_test.cpp: one table in twenty may.

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "benchmarks/runner.h"
#include "reports/difference_family.h"
#include "reports/record_store.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

// kd, kd again, and MSD without its two modality terms, which is kd by
// definition but draws dropout for three views.
std::vector<Record> RunKdThreeTimes(const std::string& folder, double dropout) {
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["seeds"] = {1, 2};
  json["student"]["model"]["dropout"] = dropout;
  json["methods"] = Json::parse(R"([
    "kd",
    {"name": "kd-twin", "method": "kd"},
    {"name": "kd-redrawn", "method": "msd-fixed",
     "options": {"text_weight": 0, "image_weight": 0}}
  ])");
  RunnerOptions options;
  options.places.data_root = TinyDataRoot();
  options.out = FreshFolder(folder);
  options.places.cache = FreshFolder("aa_cache");
  options.jobs = 1;
  options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  EXPECT_EQ(RunSuite(ParseSuite(json, "aa"), options).failed, 0);
  return LoadRecords(options.out).records;
}

// By seed: the record without its method's name and its timings.
std::map<std::uint64_t, std::string> TextsOf(const std::vector<Record>& records,
                                             const std::string& method) {
  std::map<std::uint64_t, std::string> texts;
  for (const Record& record : records) {
    if (record.method != method) continue;
    Json json = record.json;
    json.erase("timings");
    json["method"].erase("name");
    texts[record.seed] = json.dump();
  }
  return texts;
}

// By seed: the training loss of the last epoch, which dropout moves.
std::map<std::uint64_t, double> LossesOf(const std::vector<Record>& records,
                                         const std::string& method) {
  std::map<std::uint64_t, double> losses;
  for (const Record& record : records) {
    if (record.method != method) continue;
    losses[record.seed] = record.json["epochs"].back()["losses"]["task"];
  }
  return losses;
}

TEST(Aa, ANameChangesNoNumber) {
  const std::vector<Record> records = RunKdThreeTimes("aa_dropout", 0.1);
  const auto texts = TextsOf(records, "kd");
  EXPECT_EQ(texts.size(), 2u);
  EXPECT_EQ(texts, TextsOf(records, "kd-twin"));
  EXPECT_NE(texts.at(1), texts.at(2));

  const RunMatrix matrix(records);
  const auto place = [&](const std::string& name) {
    std::size_t m = 0;
    while (matrix.methods()[m].name != name) ++m;
    return m;
  };
  const DifferenceFamily family(matrix, place("kd"), 2);
  EXPECT_EQ(family.size(), 4u);
  for (const RecordMetric& metric : matrix.datasets()[0].metrics) {
    const TestedDifference* twin =
        family.Find(0, place("kd-twin"), metric.name);
    ASSERT_NE(twin, nullptr);
    EXPECT_EQ(twin->test.difference.mean, 0.0);
    EXPECT_EQ(twin->p_holm, 1.0);
    EXPECT_FALSE(twin->claimed);
  }
}

TEST(Aa, TheRedrawnKdDiffersByItsDropoutOnly) {
  const std::vector<Record> with = RunKdThreeTimes("aa_dropout", 0.1);
  const std::vector<Record> without = RunKdThreeTimes("aa_plain", 0);
  for (std::uint64_t seed : {1, 2}) {
    const auto gap = [&](const std::vector<Record>& records) {
      return std::abs(LossesOf(records, "kd").at(seed) -
                      LossesOf(records, "kd-redrawn").at(seed));
    };
    EXPECT_GT(gap(with), 1e-4);
    EXPECT_LT(gap(without), 1e-5);
  }
}

}  // namespace
}  // namespace msdbench
