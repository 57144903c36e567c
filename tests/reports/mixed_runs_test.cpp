#include "reports/mixed_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/gate.h"
#include "tests/reports/gate_runs.h"

namespace msdbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Record With(const std::string& method, std::uint64_t seed,
            const std::string& pointer, const Json& value) {
  Json json = GateRunJson("snli_ve", method, seed, 0.7);
  json[Json::json_pointer(pointer)] = value;
  return GateRecord(json);
}

std::vector<Record> Plain() {
  return GateRuns("snli_ve", "kd", {0.70, 0.72}) +
         GateRuns("snli_ve", "none", {0.6, 0.61}) +
         GateRuns("mm_imdb", "kd", {0.6, 0.61}) +
         GateRuns("snli_ve", "teacher", {0.9, 0.91}, 1000);
}

TEST(MixedRuns, OnePlanHasSeedsMethodsAndDataSets) {
  EXPECT_THAT(MixedRuns(Plain()), IsEmpty());
  // A method's own options are no other plan.
  EXPECT_THAT(MixedRuns(Plain() + std::vector<Record>{With(
                                      "msd", 1, "/config/method",
                                      {{"options", {{"lambda", 0.9}}}})}),
              IsEmpty());
}

TEST(MixedRuns, AnOptionThatDiffersBetweenMethodsIsNamed) {
  EXPECT_THAT(
      MixedRuns(std::vector<Record>{With("kd", 1, "/config/epochs", 4),
                                    With("kd", 2, "/config/epochs", 4),
                                    With("none", 1, "/config/epochs", 2),
                                    With("none", 2, "/config/epochs", 2)}),
      ElementsAre("snli_ve: not of one plan: /epochs: 4 in kd seed 1, 2 in "
                  "none seeds 1, 2"));
}

TEST(MixedRuns, StudentsOfOneDataSetHaveOneTeacher) {
  const std::string hash = "/teacher/hash";
  const auto lines = MixedRuns(
      Plain() + std::vector<Record>{With("kd", 3, hash, FakeHash('1'))});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("snli_ve: not of one plan: 2 different "
                                  "teachers: dddddddddddd of kd seeds 1, 2"));
  EXPECT_THAT(lines[0], HasSubstr("111111111111 of kd seed 3"));
  // A student alone depends on none, unless it starts from its weights.
  Json alone = GateRunJson("snli_ve", "none", 3, 0.7);
  alone["method"]["kind"] = "none";
  alone["teacher"]["hash"] = FakeHash('1');
  EXPECT_THAT(MixedRuns(Plain() + std::vector<Record>{GateRecord(alone)}),
              IsEmpty());
  std::vector<Record> from_it;
  for (char digit : {'1', '2'}) {
    alone["config"]["student"] = {{"init", {{"from", "teacher"}}}};
    alone["seed"] = digit - '0';
    alone["teacher"]["hash"] = FakeHash(digit);
    from_it.push_back(GateRecord(alone));
  }
  EXPECT_EQ(MixedRuns(from_it).size(), 1u);
}

// With numbers that would pass, in methods that the baseline has and has not.
TEST(MixedRuns, FailACheckWithTheReason) {
  const std::vector<Record> before =
      GateRuns("snli_ve", "kd", {0.70, 0.71, 0.72, 0.70});
  const Baseline baseline = MakeBaseline(before, {});
  for (const std::string method : {"kd", "added"}) {
    std::vector<Record> runs = GateRuns("snli_ve", "kd", {0.70, 0.71}) +
                               GateRuns("snli_ve", "added", {0.70, 0.71});
    for (Record& run : runs) {
      if (run.method == method && run.seed == 2) {
        run = With(method, 2, "/config/method",
                   {{"options", {{"temperature", 1}}}});
      }
    }
    const GateResult result = CheckAgainst(baseline, runs);
    EXPECT_FALSE(result.passed());
    const GateCell& cell = result.cells.at(method == "kd" ? 0 : 1);
    EXPECT_EQ(cell.method, method);
    EXPECT_EQ(cell.verdict, Verdict::kIncomparable);
    EXPECT_THAT(cell.notes.at(0),
                testing::AllOf(HasSubstr("/method/options/temperature: absent"),
                               HasSubstr(", 1 in " + method + " seed 2")));
  }
  const GateResult result = CheckAgainst(
      baseline, GateRuns("snli_ve", "kd", {0.70}) +
                    std::vector<Record>{With("kd", 2, "/config/epochs", 2)});
  EXPECT_THAT(result.problems,
              ElementsAre("snli_ve: not of one plan: /epochs: absent in kd "
                          "seed 1, 2 in kd seed 2"));
}

TEST(MixedRuns, MakeNoBaseline) {
  const std::vector<Record> runs = {With("kd", 1, "/config/epochs", 4),
                                    With("kd", 2, "/config/epochs", 4),
                                    With("none", 1, "/config/epochs", 2),
                                    With("none", 2, "/config/epochs", 2)};
  EXPECT_THROW(
      try { MakeBaseline(runs, {}); } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("/epochs: 4 in kd seed 1"));
        throw;
      },
      Error);
}

}  // namespace
}  // namespace msdbench
