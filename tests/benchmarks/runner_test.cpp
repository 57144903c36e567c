// A suite from its JSON to records on disk.

#include "benchmarks/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "reports/record_store.h"
#include "reports/safetensors.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

SuiteOutcome RunTiny(const Json& json, const std::filesystem::path& out,
                     int jobs = 1, bool fresh = false, int shard = 0,
                     int shards = 1,
                     const std::filesystem::path& data_root = TinyDataRoot()) {
  RunnerOptions options;
  options.places.data_root = data_root;
  options.out = out;
  options.jobs = jobs;
  options.threads = 1;
  options.fresh = fresh;
  options.shard = shard;
  options.shards = shards;
  options.progress = ProgressStyle::kQuiet;
  return RunSuite(ParseSuite(json, "tiny"), options);
}

// The records without what may differ between two runs of the same thing.
std::vector<std::string> Comparable(const std::filesystem::path& out) {
  std::vector<std::string> texts;
  for (Record& record : LoadRecords(out).records) {
    record.json.erase("timings");
    texts.push_back(record.json.dump());
  }
  return texts;
}

std::filesystem::path PredictionsOf(const Record& record,
                                    const std::filesystem::path& out) {
  return out / std::filesystem::path(record.source).parent_path() /
         record.json["predictions"].get<std::string>();
}

TEST(Runner, WritesOneRecordARunAndReusesThem) {
  const auto out = FreshFolder("runner_all");
  const SuiteOutcome first = RunTiny(TinySuiteJson(), out);
  EXPECT_EQ(first.done, 10);  // two teachers and two times four students
  EXPECT_EQ(first.failed, 0);
  std::set<std::string> seen;
  for (const Record& record : LoadRecords(out).records) {
    EXPECT_TRUE(record.ok) << record.error;
    seen.insert(record.dataset + " " + record.method);
    EXPECT_TRUE(std::filesystem::exists(PredictionsOf(record, out)));
    if (record.teacher) continue;
    EXPECT_EQ(record.json["epochs"].size(), 2);
    EXPECT_EQ(record.json["epochs"][0]["weights"].is_null(),
              record.kind == "none" || record.kind == "kd");
    EXPECT_EQ(record.json["teacher"].is_null(), record.kind == "none");
  }
  EXPECT_EQ(seen.size(), 10);

  const auto before = Comparable(out);
  const SuiteOutcome second = RunTiny(TinySuiteJson(), out);
  EXPECT_EQ(second.done, 0);
  EXPECT_EQ(second.reused, 10);
  EXPECT_EQ(Comparable(out), before);
}

TEST(Runner, PredictionsGiveTheRecordsAccuracyAgain) {
  const auto out = FreshFolder("runner_predictions");
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none", "kd"};
  RunTiny(json, out);
  std::set<std::string> examples;
  for (const Record& record : LoadRecords(out).records) {
    const SafetensorsFile file(PredictionsOf(record, out));
    examples.insert(file.metadata().at("example_ids_sha256"));
    const NamedArray& gold = file.Get("test/gold");
    ASSERT_EQ(gold.dtype, "I32");
    for (const char* view : {"multimodal", "text", "image"}) {
      const NamedArray& logits = file.Get(std::string("test/") + view);
      ASSERT_EQ(logits.shape, (std::vector<std::int64_t>{gold.shape[0], 2}));
      const auto* logit = static_cast<const float*>(logits.data);
      double right = 0;
      for (std::int64_t i = 0; i < gold.shape[0]; ++i) {
        const int best = logit[2 * i + 1] > logit[2 * i];
        right += best == static_cast<const std::int32_t*>(gold.data)[i];
      }
      EXPECT_DOUBLE_EQ(right / static_cast<double>(gold.shape[0]),
                       **record.Find("test", view, "accuracy"))
          << record.method << " " << view;
    }
  }
  EXPECT_EQ(examples.size(), 1);  // all about the same ones
}

TEST(Runner, ChangedOptionsRunAgain) {
  const auto out = FreshFolder("runner_changed");
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none", "kd"};
  RunTiny(json, out);
  json["distillation"] = {{"temperature", 5}};
  const SuiteOutcome outcome = RunTiny(json, out);
  EXPECT_EQ(outcome.done, 1);    // kd
  EXPECT_EQ(outcome.reused, 2);  // the teacher and the student alone
}

TEST(Runner, SameSeedSameRecordWhateverRunsBeside) {
  const auto one = FreshFolder("runner_one"), two = FreshFolder("runner_two");
  RunTiny(TinySuiteJson(), one, /*jobs=*/1);
  RunTiny(TinySuiteJson(), two, /*jobs=*/3);
  EXPECT_EQ(Comparable(one), Comparable(two));
  RunTiny(TinySuiteJson(), one, /*jobs=*/2, /*fresh=*/true);
  EXPECT_EQ(Comparable(one), Comparable(two));
}

TEST(Runner, ATeacherNotAboveTheConstantIsRefused) {
  const auto out = FreshFolder("runner_chance");
  Json json = TinySuiteJson();
  json["datasets"] = {{{"name", "hateful_memes"}}};
  json["methods"] = {"none", "kd"};
  json["teacher"]["training"]["learning_rate"] = 0;
  const SuiteOutcome outcome = RunTiny(json, out);
  EXPECT_EQ(outcome.failed, 1);
  for (const Record& record : LoadRecords(out).records) {
    EXPECT_EQ(record.ok, record.method != "kd");
    if (!record.ok) {
      EXPECT_THAT(record.error, HasSubstr("the best constant prediction: "));
    }
  }
}

TEST(Runner, ShardsTogetherAreTheWhole) {
  const auto out = FreshFolder("runner_shards");
  RunTiny(TinySuiteJson(), out, 1, false, 0, 3);
  RunTiny(TinySuiteJson(), out, 1, false, 1, 3);
  const SuiteOutcome last = RunTiny(TinySuiteJson(), out, 1, false, 2, 3);
  EXPECT_EQ(last.failed, 0);
  EXPECT_EQ(LoadRecords(out).records.size(), 10);
}

TEST(Runner, ABrokenRecordIsRunAgain) {
  const auto out = FreshFolder("runner_broken");
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none"};
  RunTiny(json, out);
  WriteFileAtomically(RecordFile(out, "hateful_memes", "none", 1), "{\"sch");
  const SuiteOutcome outcome = RunTiny(json, out);
  EXPECT_EQ(outcome.done, 1);
  EXPECT_TRUE(LoadRecords(out).records[0].ok);
}

TEST(Runner, AFailureIsNotHiddenBehindAnOlderResult) {
  const auto out = FreshFolder("runner_fails");
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none", "kd"};
  RunTiny(json, out);
  const auto before = Comparable(out);
  // No teacher can be written where a file stands for the folder.
  std::filesystem::rename(out / "cache" / "teachers", out / "teachers");
  WriteFileAtomically(out / "cache" / "teachers", "in the way");
  EXPECT_EQ(RunTiny(json, out).failed, 3);
  for (const Record& record : LoadRecords(out).records) {
    EXPECT_FALSE(record.ok) << record.source;
  }
  // Nothing is lost, either: the same command finds what was there.
  std::filesystem::remove(out / "cache" / "teachers");
  std::filesystem::rename(out / "teachers", out / "cache" / "teachers");
  EXPECT_EQ(RunTiny(json, out).reused, 3);
  EXPECT_EQ(Comparable(out), before);
}

TEST(Runner, AStartThatFailsIsNotHiddenBehindOlderResults) {
  const auto out = FreshFolder("runner_no_start");
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none"};
  RunTiny(json, out);
  const auto before = Comparable(out);
  EXPECT_THROW(RunTiny(json, out, 1, false, 0, 1, out / "nowhere"), Error);
  EXPECT_THROW(LoadRecords(out), Error);
  EXPECT_EQ(RunTiny(json, out).reused, 2);
  EXPECT_EQ(Comparable(out), before);
}

TEST(Runner, SavedModelsAreOfTheirRuns) {
  const auto out = FreshFolder("runner_models");
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none"};
  json["seeds"] = {1};
  const auto model = [&](double rate, bool save) {
    json["student"]["training"]["learning_rate"] = rate;
    RunnerOptions options;
    options.places.data_root = TinyDataRoot();
    options.out = out;
    options.jobs = options.threads = 1;
    options.save_models = save;
    options.progress = ProgressStyle::kQuiet;
    RunSuite(ParseSuite(json, "tiny"), options);
    const auto file = RunFolder(out, json["datasets"][0]["name"], "none", 1) /
                      "model" / "model.safetensors";
    return std::filesystem::exists(file) ? ReadTextFile(file) : "";
  };
  const std::string first = model(0.001, true);
  EXPECT_NE(first, "");
  EXPECT_EQ(model(0.05, false), "");
  const std::string other = model(0.05, true);
  EXPECT_NE(other, "");
  EXPECT_NE(other, first);
  EXPECT_EQ(model(0.001, true), first);
}

TEST(Runner, AnotherPictureRunsAgain) {
  const auto out = FreshFolder("runner_picture");
  const auto root = FreshFolder("runner_picture_data");
  std::filesystem::create_directories(root);
  std::filesystem::copy(TinyDataRoot() / "hateful_memes",
                        root / "hateful_memes",
                        std::filesystem::copy_options::recursive);
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none"};
  RunTiny(json, out, 1, false, 0, 1, root);
  EXPECT_EQ(RunTiny(json, out, 1, false, 0, 1, root).reused, 2);
  // A picture with as many bytes, that another one changed places with.
  std::vector<std::filesystem::path> images;
  for (const auto& entry :
       std::filesystem::directory_iterator(root / "hateful_memes" / "img")) {
    images.push_back(entry.path());
  }
  ASSERT_GE(images.size(), 2);
  std::string bytes = ReadTextFile(images[0]);
  const auto time = std::filesystem::last_write_time(images[0]);
  std::string other = ReadTextFile(images[1]);
  // Trailing bytes are nobody's pixels: both get one length.
  const std::size_t size = std::max(bytes.size(), other.size());
  bytes.resize(size, '\0');
  other.resize(size, '\0');
  WriteFileAtomically(images[0], bytes);
  std::filesystem::last_write_time(images[0], time);
  RunTiny(json, out, 1, false, 0, 1, root);
  EXPECT_EQ(RunTiny(json, out, 1, false, 0, 1, root).reused, 2);
  WriteFileAtomically(images[0], other);
  std::filesystem::last_write_time(images[0], time);
  EXPECT_EQ(RunTiny(json, out, 1, false, 0, 1, root).done, 2);
}

TEST(Runner, MissingDataIsToldBeforeAnyTraining) {
  const auto out = FreshFolder("runner_missing");
  Json json = TinySuiteJson();
  json["datasets"].push_back({{"name", "gone"}, {"format", "snli_ve"}});
  try {
    RunTiny(json, out);
    FAIL() << "ran without its data";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kData);
    EXPECT_THAT(error.what(), HasSubstr("gone"));
  }
  EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace
}  // namespace msdbench
