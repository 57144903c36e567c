#include "benchmarks/json_lines.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "benchmarks/runner.h"
#include "tests/benchmarks/memory_file.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

std::vector<Json> LinesOf(const MemoryFile& file) {
  std::vector<Json> lines;
  std::istringstream in(file.Text());
  for (std::string line; std::getline(in, line);) {
    lines.push_back(ParseJson(line, "a line"));
  }
  return lines;
}

std::string FieldsOf(const Json& event) {
  std::string fields;
  for (const auto& item : event.items()) fields += item.key() + " ";
  return fields;
}

TEST(JsonLines, EveryEventHasItsFields) {
  MemoryFile out;
  JsonLines lines(out.file());
  const RunName run = {"snli_ve", "kd", 3};
  EpochReport epoch;
  epoch.epoch = 1;
  epoch.learning_rate = 0.5;
  epoch.losses = {{"total", 0.25},
                  {"task", std::numeric_limits<double>::infinity()}};
  epoch.dev = {{"accuracy", 0.75, ""}, {"roc_auc", {}, "one class"}};
  lines.OnSuiteStart("tiny", 2);
  lines.OnRunStart(run);
  lines.OnEpoch(run, epoch, 8);
  epoch.text_weight = {0.5, 0.125};
  epoch.image_weight = {1, 0};
  lines.OnEpoch(run, epoch, 8);
  lines.OnRunEnd(run, {"ok", "", MetricValue{"accuracy", 0.5, ""}, 2, "a/b"});
  lines.OnRunEnd(run, {"failed", "bad \xff byte", std::nullopt, 2, "a/b"});
  lines.OnSuiteEnd({1, 2, 3, 4.5});

  const std::vector<Json> events = LinesOf(out);
  ASSERT_EQ(events.size(), 7u);
  EXPECT_EQ(FieldsOf(events[0]), "event time suite runs ");
  EXPECT_EQ(FieldsOf(events[1]), "event time dataset method seed ");
  EXPECT_EQ(FieldsOf(events[2]),
            "event time dataset method seed epoch epochs learning_rate losses "
            "dev weights ");
  EXPECT_EQ(FieldsOf(events[4]),
            "event time dataset method seed status error metric value seconds "
            "record ");
  EXPECT_EQ(FieldsOf(events[6]), "event time done reused failed seconds ");
  EXPECT_EQ(events[2]["losses"].dump(), R"({"total":0.25,"task":null})");
  EXPECT_EQ(events[2]["dev"].dump(), R"({"accuracy":0.75,"roc_auc":null})");
  EXPECT_TRUE(events[2]["weights"].is_null());
  EXPECT_EQ(events[3]["weights"]["text"].dump(), R"({"mean":0.5,"sd":0.125})");
  EXPECT_EQ(events[4]["value"], 0.5);
  EXPECT_TRUE(events[4]["error"].is_null());
  EXPECT_EQ(events[5]["status"], "failed");
  EXPECT_TRUE(events[5]["metric"].is_null());
  EXPECT_EQ(events[6]["failed"], 3);
}

TEST(JsonLines, ASuiteTellsOfEveryRunFromStartToEnd) {
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"none", "kd"};
  RunnerOptions options;
  options.places.data_root = TinyDataRoot();
  options.out = FreshFolder("json_lines");
  options.jobs = 2;
  options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  for (const char* status : {"ok", "reused"}) {
    MemoryFile out;
    options.listeners = {std::make_shared<JsonLines>(out.file())};
    RunSuite(ParseSuite(json, "tiny"), options);
    std::map<std::string, int> counts;
    for (const Json& event : LinesOf(out)) {
      ++counts[event["event"]];
      if (event["event"] != "run_end") continue;
      EXPECT_EQ(event["status"], status);
      EXPECT_TRUE(std::filesystem::exists(event["record"].get<std::string>()));
    }
    const int epochs = status == std::string("ok") ? 1 + 2 + 2 : 0;
    EXPECT_EQ(counts["suite_start"], 1);
    EXPECT_EQ(counts["run_start"], 3);
    EXPECT_EQ(counts["epoch"], epochs);
    EXPECT_EQ(counts["run_end"], 3);
    EXPECT_EQ(counts["suite_end"], 1);
  }
}

}  // namespace
}  // namespace msdbench
