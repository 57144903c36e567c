#include "reports/run_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "reports/render_markdown.h"
#include "tests/reports/gate_runs.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RunTable, HasALineARunFailedOnesToo) {
  Simulated failed;
  failed.dataset = "snli_ve";
  failed.seed = 2;
  const std::vector<Record> records =
      GateRuns("snli_ve", "kd", {0.7125}) +
      std::vector<Record>{SimulateFailure(failed, "out of memory")};
  const std::string text = RenderMarkdown(RunTable(records));
  EXPECT_THAT(text, HasSubstr("| snli_ve  | kd     |    1 | ok "));
  EXPECT_THAT(text, HasSubstr("| accuracy | 71.25 |   106.5 |"));
  EXPECT_THAT(text, HasSubstr("failed: out of memory"));
  const Json json = RunsJson(records);
  EXPECT_EQ(json[0]["value"], 0.7125);
  EXPECT_EQ(json[0]["seconds"], 106.5);
  EXPECT_EQ(json[0]["record"], "snli_ve/kd/seed-1/record.json");
  EXPECT_EQ(json[1]["status"], "failed");
  EXPECT_TRUE(json[1]["value"].is_null());
}

TEST(RunText, ShowsScoresEpochsWeightsTimingsAndMachine) {
  Json json = GateRunJson("snli_ve", "kd", 1, 0.7125);
  json["epochs"][0]["weights"] = {{"text", {{"mean", 0.25}, {"sd", 0.125}}},
                                  {"image", {{"mean", 0.5}, {"sd", 0}}}};
  json["saliency"] = {{"population", {{"text", 0.75}}}};
  const std::string text = RunText(GateRecord(json));
  for (const char* part :
       {"# snli_ve, kd, seed 1", "| test  ", "71.25", "61.25", "51.25",
        "constant prediction", "1 (chosen)", "0.250 ± 0.125", "0.7000",
        "training_s: 100", "blas: openblas openmp 0.3.21", "population",
        "14350248"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("Problems")));
}

TEST(RunText, ShowsTiesAndTheThresholdsThatDevChose) {
  Json json = GateRunJson("snli_ve", "kd", 1, 0.7125);
  Json second = json["epochs"][0];
  second["epoch"] = 2;
  json["epochs"][0]["threshold"] = 0.25;
  json["epochs"].push_back(second);
  json["selection"]["tied"] = {1, 2};
  const std::string text = RunText(GateRecord(json));
  EXPECT_THAT(text, HasSubstr("| 1 (chosen) "));
  EXPECT_THAT(text, HasSubstr("|   2 (tied) "));
  EXPECT_THAT(text, HasSubstr(" 0.25 |"));
}

TEST(RunText, TellsEveryProblem) {
  Json json = GateRunJson("snli_ve", "kd", 1, 0.7);
  json["dataset"]["notes"] = {"12 images are missing"};
  SetMetric(json, "/results/test/text/accuracy",
            std::numeric_limits<double>::quiet_NaN(), "no example");
  const std::string text = RunText(GateRecord(json));
  EXPECT_THAT(text, HasSubstr("- 12 images are missing"));
  EXPECT_THAT(text, HasSubstr("/results/test/text/accuracy is undefined: no "
                              "example"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(RunText, AFailedRunSaysWhyAndNothingElse) {
  const std::string text = RunText(SimulateFailure({}, "out of memory"));
  EXPECT_THAT(text, HasSubstr("status: failed: out of memory"));
  EXPECT_THAT(text, Not(HasSubstr("## Scores")));
  EXPECT_THAT(text, Not(HasSubstr("## Epochs")));
}

}  // namespace
}  // namespace msdbench
