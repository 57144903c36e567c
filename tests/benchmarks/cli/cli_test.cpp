#include "benchmarks/cli/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json_file.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  int code;
  std::string out, err;
};

Outcome Call(std::vector<std::string> words) {
  words.insert(words.begin(), "msdbench");
  std::vector<const char*> arguments;
  for (const std::string& word : words) arguments.push_back(word.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code =
      RunCommandLine(static_cast<int>(arguments.size()), arguments.data());
  std::fflush(stdout);
  std::fflush(stderr);
  std::string out = testing::internal::GetCapturedStdout();
  return {code, std::move(out), testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, HelpHasExamplesForEveryCommand) {
  EXPECT_EQ(Call({"--help"}).code, 0);
  for (const auto& command :
       std::vector<std::vector<std::string>>{{"run"},
                                             {"report"},
                                             {"data"},
                                             {"data", "make"},
                                             {"data", "verify"},
                                             {"list"},
                                             {"doctor"}}) {
    std::vector<std::string> words = command;
    words.emplace_back("--help");
    const Outcome outcome = Call(words);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Example"));
  }
}

TEST(CommandLine, BadUsageIsTwo) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {},
           {"fly"},
           {"run"},
           {"run", "quick", "--fast"},
           {"run", "no_such_suite"},
           {"run", "quick", "--device", "tpu"},
           {"run", "quick", "--shard", "3/3"},
           {"run", "quick", "--shard", "1of3"},
           {"run", "quick", "--jobs", "-1"},
           {"run", "quick", "--methods", "magic"},
           {"run", "quick", "--set", "student"},
           {"data", "verify"},
           {"data", "verify", "--dataset", "coco"},
           {"list", "planets"}}) {
    const Outcome outcome = Call(words);
    EXPECT_EQ(outcome.code, 2) << (words.empty() ? "" : words.back());
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err, "");
  }
}

TEST(CommandLine, MissingDataIsThree) {
  const auto nowhere = FreshFolder("cli_nowhere").string();
  const Outcome run = Call({"run", "quick", "--data-root", nowhere, "--out",
                            FreshFolder("cli_out").string()});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr(nowhere));
  EXPECT_EQ(Call({"report", nowhere}).code, 3);
}

TEST(CommandLine, ListsAsJson) {
  for (const char* what : {"methods", "datasets", "suites"}) {
    const Outcome outcome = Call({"list", what, "--json"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_FALSE(ParseJson(outcome.out, what).empty());
  }
}

TEST(CommandLine, ValidatePrintsTheSuiteAsItWouldBeUsed) {
  const Outcome outcome =
      Call({"run", "quick", "--validate", "--seeds", "7,8", "--methods", "kd",
            "--set", "distillation.lambda=0.9"});
  EXPECT_EQ(outcome.code, 0);
  const Json suite = ParseJson(outcome.out, "suite");
  EXPECT_EQ(suite["seeds"].dump(), "[7,8]");
  EXPECT_EQ(suite["methods"].dump(), "[\"kd\"]");
  EXPECT_EQ(suite["distillation"]["lambda"], 0.9);
}

TEST(CommandLine, VerifiesDataAndTellsByItsExitCode) {
  const std::string root = TinyDataRoot().string();
  const Outcome text = Call(
      {"data", "verify", "--dataset", "hateful_memes", "--data-root", root});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, HasSubstr("| train "));
  EXPECT_THAT(text.out, HasSubstr(": usable\n"));

  const auto broken = FreshFolder("cli_verify");
  std::filesystem::create_directories(broken);
  std::filesystem::copy(TinyDataRoot() / "snli_ve", broken / "mine",
                        std::filesystem::copy_options::recursive);
  std::filesystem::remove(broken / "mine/snli_ve_dev.jsonl");
  const Outcome json =
      Call({"data", "verify", "--dataset", "snli_ve", "--data-root",
            broken.string(), "--path", "mine", "--quick", "--json"});
  EXPECT_EQ(json.code, 3);
  const Json report = ParseJson(json.out, "report");
  EXPECT_EQ(report["usable"], false);
  EXPECT_EQ(report["findings"][0]["text"], "no dev split (expected: dev)");
  EXPECT_EQ(
      Call({"data", "verify", "--dataset", "vqa_v2", "--data-root", root + "x"})
          .code,
      3);
}

TEST(CommandLine, MakesDataRunsASuiteAndReports) {
  const auto home = FreshFolder("cli_all");
  const std::string data = (home / "data").string();
  const std::string out = (home / "runs").string();
  ASSERT_EQ(Call({"data", "make", "--out", data, "--train", "120", "--dev",
                  "40", "--test", "40", "--image-size", "16", "--datasets",
                  "hateful_memes"})
                .code,
            0);
  Json suite = TinySuiteJson();
  suite["datasets"] = {suite["datasets"][0]};
  suite["methods"] = {"none", "kd"};
  WriteFileAtomically(home / "suite.json", suite.dump());
  const Outcome run =
      Call({"run", (home / "suite.json").string(), "--data-root", data, "--out",
            out, "--jobs", "1", "--threads", "1"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("3 run, 0 reused, 0 failed"));
  EXPECT_THAT(run.err, HasSubstr("hateful_memes kd seed 1: epoch 2/2"));
  const Outcome report = Call({"report", out});
  EXPECT_EQ(report.code, 0);
  EXPECT_THAT(report.out, HasSubstr("| student alone |"));
  EXPECT_TRUE(std::filesystem::exists(home / "runs/report/report.md"));
  EXPECT_TRUE(std::filesystem::exists(home / "runs/report/report.csv"));
}

}  // namespace
}  // namespace msdbench
