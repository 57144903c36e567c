// What a suite names on disk is looked at before anything is trained: one line,
// and no record.
#include "benchmarks/start_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/benchmarks/cli/call.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

Json OneSet() {
  Json suite = TinySuiteJson();
  suite["datasets"] = {suite["datasets"][0]};
  suite["methods"] = {"none", "kd"};
  suite["seeds"] = {1, 2};
  return suite;
}

// Runs `suite` and expects it to end before it starts, saying `what`.
void ExpectNoStart(const Json& suite, const std::string& what,
                   const testing::Matcher<const std::string&>& message,
                   int code = 3) {
  const auto home = FreshFolder("start_" + what);
  WriteFileAtomically(home / "suite.json", suite.dump());
  const Outcome outcome =
      Call({"run", (home / "suite.json").string(), "--data-root",
            TinyDataRoot().string(), "--out", (home / "out").string()});
  EXPECT_EQ(outcome.code, code) << what;
  EXPECT_THAT(outcome.err, message);
  EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  EXPECT_FALSE(fs::exists(home / "out")) << what;
}

TEST(StartCheck, WhatIsNotThereIsToldOnce) {
  for (const char* pointer :
       {"/teacher/init/from", "/student/init/from", "/input/vocabulary",
        "/input/features/weights", "/input/features/store"}) {
    Json suite = OneSet();
    suite[Json::json_pointer(pointer)] = "nowhere-to-be-found";
    if (std::string(pointer).find("features") != std::string::npos) {
      for (const char* learner : {"teacher", "student"}) {
        suite[learner]["model"].erase("image_channels");
      }
    }
    std::string name(pointer);
    std::replace(name.begin(), name.end(), '/', '_');
    ExpectNoStart(suite, name, HasSubstr("nowhere-to-be-found"));
  }
}

TEST(StartCheck, LayersAndShapesAreComparedWithTheWeights) {
  const auto home = FreshFolder("start_weights");
  Json suite = OneSet();
  suite["methods"] = {"none"};
  suite["seeds"] = {1};
  suite["teacher"]["model"]["layers"] = 2;
  WriteFileAtomically(home / "suite.json", suite.dump());
  ASSERT_EQ(Call({"run", (home / "suite.json").string(), "--data-root",
                  TinyDataRoot().string(), "--out", (home / "out").string(),
                  "--save-models"})
                .code,
            0);
  const std::string model =
      (home / "out/hateful_memes/teacher/seed-1000/model").string();

  suite = OneSet();
  suite["input"]["vocabulary"] = model;
  suite["student"]["model"] = suite["teacher"]["model"];
  suite["student"]["init"] = {{"from", model}, {"layers", {1}}};
  {
    const auto fine = FreshFolder("start_fine");
    WriteFileAtomically(fine / "suite.json", suite.dump());
    EXPECT_EQ(Call({"run", (fine / "suite.json").string(), "--data-root",
                    TinyDataRoot().string(), "--out", (fine / "out").string(),
                    "--seeds", "1", "--methods", "none"})
                  .code,
              0);
  }
  Json other = suite;
  other["student"]["init"]["layers"] = {2};
  ExpectNoStart(other, "layer",
                AllOf(HasSubstr(model), HasSubstr("layer 2 of 2")));
  other = suite;
  other["student"]["model"]["hidden"] = 8;
  ExpectNoStart(other, "hidden", HasSubstr("hidden_size 16, the model 8"));
  other = suite;
  other["teacher"]["init"] = {{"from", model}};
  ExpectNoStart(other, "count", HasSubstr("the model has 1 layers"));
  other = suite;
  other["input"].erase("vocabulary");
  other["input"]["vocabulary_size"] = 20;
  ExpectNoStart(other, "words", HasSubstr("name its own in input.vocabulary"));

  // A run must not save its model over the weights that it starts from.
  suite["teacher"]["model"]["layers"] = 2;
  suite["student"]["model"] = suite["teacher"]["model"];
  suite["student"]["init"] = {{"from", model}};
  WriteFileAtomically(home / "again.json", suite.dump());
  const Outcome outcome = Call({"run", (home / "again.json").string(),
                                "--data-root", TinyDataRoot().string(), "--out",
                                (home / "out").string(), "--save-models"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("student.init.from"),
                                 HasSubstr("--save-models")));
}

}  // namespace
}  // namespace msdbench
