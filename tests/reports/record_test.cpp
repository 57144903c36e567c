#include "reports/record.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reports/report.h"
#include "tests/reports/simulated_record.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string ErrorIn(const Json& json) {
  return ErrorOf([&] { ParseRecord(json, "record.json"); });
}

Json With(const std::string& pointer, const Json& value) {
  Json json = SimulatedRecord({});
  json[Json::json_pointer(pointer)] = value;
  return json;
}

TEST(Record, TheFieldsThatReportsNeed) {
  Simulated run;
  run.seed = 9007199254740991u;
  const Record record = ParseRecord(SimulatedRecord(run), "a/record.json");
  EXPECT_EQ(record.source, "a/record.json");
  EXPECT_TRUE(record.ok);
  EXPECT_FALSE(record.teacher);
  EXPECT_EQ(record.method, "kd");
  EXPECT_EQ(record.dataset, "hateful_memes");
  EXPECT_EQ(record.seed, run.seed);
  ASSERT_EQ(record.metrics.size(), 2u);
  EXPECT_EQ(record.metrics[0].name, "roc_auc");
  EXPECT_TRUE(record.metrics[0].higher_is_better);
  EXPECT_EQ(record.test_split, "test_seen");
  EXPECT_EQ(record.test_examples, 20);
  EXPECT_EQ(record.training_s, 100);
  EXPECT_EQ(record.run_peak_memory, 512.25);
  EXPECT_EQ(record.process_peak_memory, 1700.5);
  EXPECT_EQ(record.epochs, 1u);
  EXPECT_EQ(record.tied_epochs, 0u);
  EXPECT_EQ(record.floor.at("test").at("accuracy"), 0.5);
  EXPECT_EQ(*record.Find("test", "multimodal", "accuracy"), 0.5);
  EXPECT_EQ(*record.Find("dev", "multimodal", "accuracy"), 0.51);
  EXPECT_EQ(record.Find("test", "multimodal", "loss"), nullptr);
  EXPECT_EQ(record.json["config"]["seed"], run.seed);
}

TEST(Record, TheFieldsThatFiguresNeed) {
  Json json = SimulatedRecord({});
  json["config"]["device"] = "cuda:0";
  json["environment"] = {{"cpu", {{"cores", 2}}}};
  json["epochs"][0]["weights"] = {{"text", {{"mean", 0.75}, {"sd", 0.5}}},
                                  {"image", {{"mean", 0.25}, {"sd", nullptr}}}};
  json["undefined"] = {
      {{"pointer", "/epochs/0/weights/image/sd"}, {"reason", "one example"}}};
  json["saliency"] = {{"score", {{"text", 1.5}, {"each", {1, 2}}}}, {"n", 3}};
  const Record record = ParseRecord(json, "a/record.json");
  EXPECT_EQ(record.head, "single_label");
  EXPECT_EQ(record.predictions, "predictions.jsonl");
  EXPECT_EQ(record.device, "cuda:0");
  EXPECT_EQ(record.environment, "{\"cpu\":{\"cores\":2}}");
  ASSERT_EQ(record.weights.size(), 1u);
  EXPECT_EQ(record.weights[0].epoch, 1);
  EXPECT_EQ(record.weights[0].text, 0.75);
  EXPECT_EQ(record.weights[0].text_sd, 0.5);
  EXPECT_EQ(record.weights[0].image, 0.25);
  EXPECT_FALSE(record.weights[0].image_sd);
  EXPECT_EQ(record.saliency, (std::map<std::string, double, std::less<>>{
                                 {"score/text", 1.5}, {"n", 3}}));
  EXPECT_TRUE(ParseRecord(SimulatedRecord({}), "").weights.empty());
}

// Its peak was the process's, whatever it was called.
TEST(Record, AnOldOneKnowsNoTiesAndNoMemoryOfItsOwn) {
  Json json = SimulatedRecord({});
  json["timings"].erase("run_peak_memory_mib");
  json["timings"].erase("process_peak_memory_mib");
  json["timings"]["peak_memory_mb"] = 300.5;
  const Record record = ParseRecord(json, "a/record.json");
  EXPECT_FALSE(record.run_peak_memory);
  EXPECT_EQ(record.process_peak_memory, 300.5);
  EXPECT_EQ(record.tied_epochs, 0u);
}

TEST(Record, WhatWasNotMeasuredAndWhatTied) {
  Json json = SimulatedRecord({});
  json["timings"]["run_peak_memory_mib"] = nullptr;
  json["timings"]["run_peak_memory_reason"] = "tensors on a GPU";
  json["timings"]["training_s"] = nullptr;
  json["selection"]["tied"] = {1, 3};
  json["epochs"][0]["threshold"] = 0.25;
  const Record record = ParseRecord(json, "a/record.json");
  EXPECT_FALSE(record.run_peak_memory);
  EXPECT_EQ(record.process_peak_memory, 1700.5);
  EXPECT_FALSE(record.training_s);
  EXPECT_EQ(record.tied_epochs, 2u);
}

TEST(Record, ATeacherAndAFailureAreRecordsToo) {
  Simulated teacher;
  teacher.method = teacher.kind = "teacher";
  EXPECT_TRUE(ParseRecord(SimulatedRecord(teacher), "").teacher);
  const Record failed = ParseRecord(FailedRecord({}, "out of memory"), "");
  EXPECT_FALSE(failed.ok);
  EXPECT_EQ(failed.error, "out of memory");
  EXPECT_TRUE(failed.metrics.empty());
  EXPECT_EQ(failed.Find("test", "multimodal", "accuracy"), nullptr);
}

TEST(RecordSchema, NamesWhatIsWrong) {
  Json json = SimulatedRecord({});
  json.erase("seed");
  EXPECT_EQ(ErrorIn(json),
            "record.json: (top level): the required key \"seed\" is missing");
  EXPECT_EQ(ErrorIn(With("/seed", -1)),
            "record.json: /seed: -1 is not allowed; allowed: integer, at least "
            "0, at most 9007199254740991");
  // More than a double holds exactly: other readers would change the seed.
  EXPECT_EQ(ErrorIn(With("/seed", 18446744073709551615u)),
            "record.json: /seed: 18446744073709551615 is not allowed; allowed: "
            "integer, at least 0, at most 9007199254740991");
  EXPECT_EQ(ErrorIn(With("/schema_version", 2)),
            "record.json: /schema_version: 2 is not allowed; allowed: 1");
  EXPECT_EQ(ErrorIn(With("/status", "done")),
            "record.json: /status: \"done\" is not allowed; allowed: \"ok\", "
            "\"failed\"");
  EXPECT_EQ(ErrorIn(With("/config_hash", "c0ffee")),
            "record.json: /config_hash: \"c0ffee\" is not allowed; allowed: "
            "string, 64 lower-case hexadecimal digits (SHA-256)");
  EXPECT_EQ(ErrorIn(With("/results/test/text/accuracy", "high")),
            "record.json: /results/test/text/accuracy: \"high\" is not "
            "allowed; allowed: number or null");
  EXPECT_EQ(ErrorIn(With("/timings/training", 3)),
            "record.json: /timings/training: unknown key (did you mean "
            "\"training_s\"?); allowed: evaluation_s, examples_per_second, "
            "loading_s, peak_memory_mb, process_peak_memory_mib, "
            "run_peak_memory_mib, run_peak_memory_reason, started, teacher_s, "
            "total_s, training_s");
  EXPECT_EQ(ErrorIn(With("/predictions", "../predictions.jsonl")),
            "record.json: /predictions: \"../predictions.jsonl\" is not "
            "allowed; allowed: string or null, the name of a file beside the "
            "record");
}

TEST(RecordSchema, ClosedExceptWhereItIsFree) {
  const char* const kClosed[] = {"",
                                 "/suite",
                                 "/method",
                                 "/dataset",
                                 "/dataset/splits/train",
                                 "/code",
                                 "/teacher",
                                 "/metrics/0",
                                 "/selection",
                                 "/epochs/0",
                                 "/results",
                                 "/results/test",
                                 "/timings"};
  for (const std::string place : kClosed) {
    EXPECT_EQ(ErrorIn(With(place + "/surprise", 1))
                  .rfind("record.json: " + place + "/surprise: unknown key", 0),
              0u)
        << place;
  }
  for (const std::string place :
       {"/config", "/environment", "/method/options"}) {
    EXPECT_EQ(ErrorIn(With(place + "/surprise", {{"any", "thing"}})), "");
  }
  EXPECT_EQ(ErrorIn(With("/saliency", {{"text", {{"mean", 0.5}}}})), "");
}

TEST(RecordSchema, AWholeRunHasResultsAndNoError) {
  EXPECT_EQ(ErrorIn(With("/results", nullptr)),
            "record.json: /results: null is not allowed; allowed: object");
  EXPECT_EQ(ErrorIn(With("/error", "late")),
            "record.json: /error: \"late\" is not allowed; allowed: null");
  EXPECT_EQ(ErrorIn(With("/selection", nullptr)),
            "record.json: /selection: null is not allowed; allowed: object");
  Json failed = FailedRecord({}, "x");
  failed["error"] = nullptr;
  EXPECT_EQ(ErrorIn(failed),
            "record.json: /error: null is not allowed; allowed: string");
}

TEST(Record, AnErrorIsOneLine) {
  EXPECT_EQ(ErrorIn(FailedRecord({}, "first\nsecond")),
            "record.json: /error: holds a line break; allowed: one line");
}

TEST(Record, RoleAndKindAgree) {
  EXPECT_EQ(ErrorIn(With("/role", "teacher")),
            "record.json: /method/kind: \"kd\" does not go with the role "
            "\"teacher\"; allowed: \"teacher\" for teachers and only for them");
}

TEST(Record, EveryMetricInEveryView) {
  Json json = SimulatedRecord({});
  json["results"]["test"]["image"].erase("accuracy");
  EXPECT_EQ(ErrorIn(json),
            "record.json: /results/test/image: the metric \"accuracy\" is "
            "missing");
  EXPECT_EQ(ErrorIn(With("/results/dev/text/loss", 0.1)),
            "record.json: /results/dev/text/loss: is not listed in /metrics; "
            "allowed: roc_auc, accuracy");
  EXPECT_EQ(ErrorIn(With("/selection/metric", "loss")),
            "record.json: /selection/metric: \"loss\" is not a metric of this "
            "record; allowed: roc_auc, accuracy");
  EXPECT_EQ(ErrorIn(With("/metrics/1/name", "roc_auc")),
            "record.json: /metrics/1/name: \"roc_auc\" is listed twice; "
            "allowed: once");
  EXPECT_EQ(ErrorIn(With("/results/test_last_epoch", nullptr)), "");
}

TEST(Record, ANullNumberNeedsAReason) {
  const char* const kPlaces[] = {"/results/test/multimodal/roc_auc",
                                 "/results/test_last_epoch/text/roc_auc",
                                 "/epochs/0/losses/task",
                                 "/epochs/0/dev/roc_auc",
                                 "/dataset/floor/test/roc_auc",
                                 "/teacher/dev/image/accuracy"};
  for (const std::string place : kPlaces) {
    Json json = With(place, nullptr);
    EXPECT_EQ(ErrorIn(json),
              "record.json: " + place +
                  ": is null without a reason; allowed: a number, or null "
                  "with an entry in /undefined");
    json["undefined"].push_back({{"pointer", place}, {"reason", "one class"}});
    EXPECT_EQ(ErrorIn(json), "");
  }
  const Json saliency = With("/saliency", {{"text", nullptr}});
  EXPECT_NE(ErrorIn(saliency), "");
}

TEST(Record, AStaleReasonIsRejected) {
  Json json = SimulatedRecord({});
  json["undefined"].push_back(
      {{"pointer", "/results/test/text/roc_auc"}, {"reason", "one class"}});
  EXPECT_EQ(ErrorIn(json),
            "record.json: /undefined/0/pointer: \"/results/test/text/roc_auc\" "
            "is not a null number of this record; allowed: pointers to those "
            "only");
}

// Every place of a record, whole objects and arrays too.
void Places(const Json& json, const Json::json_pointer& at,
            std::vector<Json::json_pointer>& out) {
  if (!at.empty()) out.push_back(at);
  if (!json.is_structured()) return;
  for (const auto& item : json.items())
    Places(item.value(), at / item.key(), out);
}

TEST(Record, NoDamageCrashesTheReaderOrTheReport) {
  const Json whole = SimulatedRecord({});
  std::vector<Json::json_pointer> places;
  Places(whole, Json::json_pointer(), places);
  const Json kDamage[] = {nullptr,       true,          -1, 1e300, "x",
                          Json::array(), Json::object()};
  std::size_t rejected = 0;
  for (const auto& place : places) {
    for (const Json& damage : kDamage) {
      Json json = whole;
      json[place] = damage;
      // Anything but an Error would end this test.
      const std::string error = ErrorOf(
          [&] { MarkdownReport({ParseRecord(json, "record.json")}, {}); });
      if (error.empty()) continue;
      ++rejected;
      EXPECT_EQ(error.rfind("record.json: ", 0), 0u) << error;
      EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    }
    Json json = whole;
    Json& parent = json[place.parent_pointer()];
    if (!parent.is_object()) continue;
    parent.erase(place.back());
    ErrorOf([&] { MarkdownReport({ParseRecord(json, "record.json")}, {}); });
  }
  EXPECT_GT(rejected, places.size() * 4);
}

TEST(SetMetric, FiniteOrNullWithAReason) {
  Json json = SimulatedRecord({});
  const std::string place = "/results/test/text/roc_auc";
  SetMetric(json, place, kNan, "only one class");
  EXPECT_TRUE(json["results"]["test"]["text"]["roc_auc"].is_null());
  ASSERT_EQ(json["undefined"].size(), 1u);
  EXPECT_EQ(json["undefined"][0].dump(),
            "{\"pointer\":\"/results/test/text/roc_auc\",\"reason\":\"only one "
            "class\"}");
  EXPECT_EQ(ErrorIn(json), "");
  SetMetric(json, place, kInfinity);
  ASSERT_EQ(json["undefined"].size(), 1u);
  EXPECT_EQ(json["undefined"][0]["reason"], "the value is inf");
  SetMetric(json, place, 0.25);
  EXPECT_EQ(json["results"]["test"]["text"]["roc_auc"], 0.25);
  EXPECT_TRUE(json["undefined"].empty());
}

TEST(WriteRecord, ReadsBackTheSame) {
  const TestFolder folder;
  Json json = SimulatedRecord({});
  json["results"]["test"]["text"]["roc_auc"] = 0.1 + 0.2;
  json["method"]["options"]["label"] = "T = 4 → 2";
  SetMetric(json, "/results/dev/text/roc_auc", kNan, "only one class");
  WriteRecord(folder / "record.json", json);
  EXPECT_EQ(ReadJsonFile(folder / "record.json"), json);
  // Key order too: the bytes of a second writing are those of the first.
  const std::string text = ReadTextFile(folder / "record.json");
  WriteRecord(folder / "record.json", ReadJsonFile(folder / "record.json"));
  EXPECT_EQ(ReadTextFile(folder / "record.json"), text);
  EXPECT_EQ(text.back(), '\n');
}

TEST(WriteRecord, ABadRecordLeavesTheOldFile) {
  const TestFolder folder;
  const auto file = folder / "record.json";
  WriteRecord(file, SimulatedRecord({}));
  const std::string old_text = ReadTextFile(file);
  EXPECT_EQ(ErrorOf([&] { WriteRecord(file, With("/seed", "one")); }),
            file.string() +
                ": /seed: \"one\" is not allowed; allowed: integer, at least "
                "0, at most 9007199254740991");
  // JSON has no NaN: the library would write null without a word.
  for (double value : {kNan, kInfinity}) {
    EXPECT_EQ(ErrorOf([&] {
                WriteRecord(file, With("/results/test/text/roc_auc", value));
              }),
              file.string() +
                  ": /results/test/text/roc_auc: is not finite; allowed: a "
                  "finite number, or null with an entry in /undefined");
  }
  EXPECT_NE(
      ErrorOf([&] { WriteRecord(file, With("/environment/load", kNan)); }), "");
  EXPECT_EQ(ReadTextFile(file), old_text);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()),
                          std::filesystem::directory_iterator()),
            1);
}

TEST(WriteRecord, AnErrorLineInAnyEncodingIsKept) {
  const TestFolder folder;
  WriteRecord(folder / "record.json", FailedRecord({}, "no file caf\xe9.jpg"));
  EXPECT_EQ(ParseRecord(ReadJsonFile(folder / "record.json"), "").error,
            "no file caf\xef\xbf\xbd.jpg");
}

}  // namespace
}  // namespace msdbench
