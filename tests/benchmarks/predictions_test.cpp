// What a run stores of dev and test can be read without the run.
#include "benchmarks/predictions.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>

#include "benchmarks/runner.h"
#include "datasets/dataset.h"
#include "reports/record_store.h"
#include "reports/safetensors.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

using ::testing::ElementsAre;

Json JsonIn(const SafetensorsFile& file, const std::string& name) {
  const NamedArray& array = file.Get(name);
  EXPECT_EQ(array.dtype, "U8");
  return Json::parse(
      std::string(static_cast<const char*>(array.data), array.bytes));
}

template <typename T>
std::vector<T> NumbersIn(const SafetensorsFile& file, const std::string& name) {
  const NamedArray& array = file.Get(name);
  std::vector<T> numbers(array.bytes / sizeof(T));
  std::memcpy(numbers.data(), array.data, array.bytes);
  return numbers;
}

EncodedSplit Split(Head head, const std::vector<std::string>& ids) {
  EncodedSplit split;
  split.head = head;
  split.label_count = 3;
  for (const std::string& id : ids) {
    split.examples.emplace_back();
    split.examples.back().id = id;
    split.examples.back().targets = {{1, 1}};
    split.examples.back().credit = {{1, 0.6F}};
  }
  return split;
}

ViewLogits AllViews(const at::Tensor& logits) {
  ViewLogits all;
  for (View view : kViews) all[view] = logits;
  return all;
}

TEST(WritePredictions, IdsAndLabelsAreWhatTheyWereWhateverTheyHold) {
  const auto file = FreshFolder("predictions_ids") / "p.safetensors";
  const std::vector<std::string> ids = {"a\nb", "", "\"q\", 'r'", "日本.png",
                                        "a\\b"};
  const std::vector<std::string> labels = {"with, comma", "\u00e9t\u00e9", ""};
  const EncodedSplit test = Split(Head::kMultiLabel, ids);
  const EncodedSplit dev = Split(Head::kMultiLabel, {"d1"});
  WritePredictions(file, labels,
                   {{"test", test, AllViews(at::zeros({5, 3}))},
                    {"dev", dev, AllViews(at::ones({1, 3}))}});
  const SafetensorsFile stored(file);
  EXPECT_EQ(JsonIn(stored, "test/ids"), Json(ids));
  EXPECT_EQ(JsonIn(stored, "dev/ids"), Json({"d1"}));
  EXPECT_EQ(JsonIn(stored, "labels"), Json(labels));
  EXPECT_THAT(NumbersIn<float>(stored, "dev/text"), ElementsAre(1, 1, 1));
  EXPECT_THAT(NumbersIn<std::uint8_t>(stored, "dev/gold"),
              ElementsAre(0, 1, 0));
  EXPECT_NE(stored.metadata().at("example_ids_sha256"),
            stored.metadata().at("dev_example_ids_sha256"));
  // Readers that map the file want numbers at multiples of their size.
  const auto* start = static_cast<const char*>(stored.arrays()[0].data);
  for (const NamedArray& array : stored.arrays()) {
    const auto place = static_cast<const char*>(array.data) - start;
    EXPECT_EQ(place % static_cast<std::ptrdiff_t>(DtypeBytes(array.dtype)), 0)
        << array.name;
  }
}

TEST(WritePredictions, AnswersOfDevHaveTheirCredits) {
  const auto file = FreshFolder("predictions_answers") / "p.safetensors";
  const EncodedSplit test = Split(Head::kAnswer, {"1", "2"});
  EncodedSplit dev = Split(Head::kAnswer, {"3"});
  const at::Tensor logits = at::tensor({0.F, 2.F, 1.F}).view({1, 3});
  WritePredictions(file, {"no", "yes", "2"},
                   {{"test", test, AllViews(at::zeros({2, 3}))},
                    {"dev", dev, AllViews(logits)}});
  const SafetensorsFile stored(file);
  EXPECT_THAT(NumbersIn<std::int32_t>(stored, "dev/multimodal/label"),
              ElementsAre(1));
  EXPECT_THAT(NumbersIn<float>(stored, "dev/multimodal/credit"),
              ElementsAre(0.6F));
  EXPECT_THAT(NumbersIn<float>(stored, "test/multimodal/credit"),
              ElementsAre(0, 0));
}

// Micro F1 of sigmoids above `threshold`, from arrays of a file alone.
double MicroF1At(double threshold, const std::vector<float>& logits,
                 const std::vector<std::uint8_t>& gold) {
  double hits = 0, predicted = 0, actual = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const bool above = 1 / (1 + std::exp(-double{logits[i]})) > threshold;
    predicted += above;
    actual += gold[i];
    hits += above && gold[i] != 0;
  }
  return predicted + actual > 0 ? 2 * hits / (predicted + actual) : 0;
}

// The best on the grid; of equals the nearest to a half, then the lower.
double BestThreshold(const std::vector<float>& logits,
                     const std::vector<std::uint8_t>& gold) {
  double best = -1, chosen = 0;
  int distance = 0;
  for (int percent = 1; percent < 100; ++percent) {
    const double score = MicroF1At(percent / 100.0, logits, gold);
    if (score > best || (score == best && std::abs(percent - 50) < distance)) {
      best = score;
      chosen = percent / 100.0;
      distance = std::abs(percent - 50);
    }
  }
  return chosen;
}

std::vector<std::string> IdsOf(const msdbench::Split& split) {
  std::vector<std::string> ids;
  for (const Example& example : split.examples) ids.push_back(example.id);
  return ids;
}

TEST(StoredPredictions, ProveTheThresholdsTheEpochAndTheScores) {
  const auto out = FreshFolder("predictions_dev");
  Json json = TinySuiteJson();
  json["datasets"] = {
      {{"name", "mm_imdb"}, {"teacher_gate", "warn"}, {"threshold", "dev"}}};
  json["methods"] = {"none", "kd"};
  RunnerOptions options;
  options.places.data_root = TinyDataRoot();
  options.out = out;
  options.jobs = options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  const Suite suite = ParseSuite(json, "tiny");
  ASSERT_EQ(RunSuite(suite, options).failed, 0);
  const DatasetPlan& plan = suite.datasets[0];
  DatasetOptions where = plan.options;
  where.root = TinyDataRoot() / plan.path;
  const Dataset dataset = LoadDataset(plan.format, where);

  const auto records = LoadRecords(out).records;
  ASSERT_EQ(records.size(), 3u);
  for (const Record& record : records) {
    SCOPED_TRACE(record.method);
    const SafetensorsFile file(
        out / std::filesystem::path(record.source).parent_path() /
        record.predictions);
    EXPECT_EQ(JsonIn(file, "test/ids"), Json(IdsOf(dataset.test)));
    EXPECT_EQ(JsonIn(file, "dev/ids"), Json(IdsOf(dataset.dev)));
    EXPECT_EQ(JsonIn(file, "labels"), Json(dataset.labels));
    const auto gold = NumbersIn<std::uint8_t>(file, "dev/gold");
    const auto test_gold = NumbersIn<std::uint8_t>(file, "test/gold");
    for (const char* view : {"multimodal", "text", "image"}) {
      const auto logits = NumbersIn<float>(file, std::string("dev/") + view);
      const double threshold = record.json["thresholds"][view];
      EXPECT_DOUBLE_EQ(threshold, BestThreshold(logits, gold)) << view;
      EXPECT_DOUBLE_EQ(MicroF1At(threshold, logits, gold),
                       **record.Find("dev", view, "multilabel_micro_f1"));
      EXPECT_DOUBLE_EQ(
          MicroF1At(threshold,
                    NumbersIn<float>(file, std::string("test/") + view),
                    test_gold),
          **record.Find("test", view, "multilabel_micro_f1"));
    }
    // The epoch that was kept is the one that dev's predictions are of.
    const Json& selection = record.json["selection"];
    double best = 0;
    for (const Json& epoch : record.json["epochs"]) {
      best = std::max<double>(best, epoch["dev"]["multilabel_micro_f1"]);
    }
    EXPECT_EQ(best, **record.Find("dev", "multimodal", "multilabel_micro_f1"));
    const Json& kept =
        record.json["epochs"][selection["epoch"].get<std::size_t>() - 1];
    EXPECT_EQ(kept["dev"]["multilabel_micro_f1"], best);
    EXPECT_EQ(kept["threshold"], record.json["thresholds"]["multimodal"]);
  }
}

}  // namespace
}  // namespace msdbench
