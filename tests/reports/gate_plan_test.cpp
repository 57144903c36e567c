// A check is of one plan: what the gate says where runs of several lie in the
// checked folder, with numbers that would pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/gate.h"
#include "reports/plan_lines.h"
#include "tests/reports/gate_runs.h"

namespace msdbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Record With(const std::string& method, std::uint64_t seed,
            const std::string& pointer, const Json& value) {
  Json json = GateRunJson("snli_ve", method, seed, 0.7);
  json[Json::json_pointer(pointer)] = value;
  return GateRecord(json);
}

std::vector<Record> Before() {
  return GateRuns("snli_ve", "kd", {0.70, 0.71, 0.72, 0.70}) +
         GateRuns("snli_ve", "msd", {0.70, 0.71, 0.72, 0.70});
}

// The check of four passing runs and `more`, and why it does not pass.
GateResult CheckWith(const Record& more) {
  const GateResult result = CheckAgainst(
      MakeBaseline(Before(), {}), GateRuns("snli_ve", "kd", {0.70, 0.71}) +
                                      GateRuns("snli_ve", "msd", {0.70}) +
                                      std::vector<Record>{more});
  EXPECT_FALSE(result.passed());
  return result;
}

TEST(GatePlan, OnePlanPasses) {
  EXPECT_TRUE(CheckAgainst(MakeBaseline(Before(), {}), Before()).passed());
}

TEST(GatePlan, ARunOfOtherOptionsIsNamedWithBothValues) {
  const GateResult result =
      CheckWith(With("msd", 2, "/method/options", {{"temperature", 1}}));
  ASSERT_EQ(result.problems.size(), 1u);
  EXPECT_THAT(result.problems[0], HasSubstr("/method/options/temperature"));
  ASSERT_EQ(result.cells.size(), 2u);
  EXPECT_EQ(result.cells[0].verdict, Verdict::kEqual);
  EXPECT_EQ(result.cells[1].verdict, Verdict::kIncomparable);
  EXPECT_THAT(result.cells[1].notes.at(0),
              AllOf(HasSubstr("/method/options/temperature: absent in the "
                              "baseline, 1 in msd seed 2")));
}

TEST(GatePlan, SoAreOtherSettingsDataAndTeachers) {
  EXPECT_THAT(CheckWith(With("msd", 2, "/config/epochs", 9)).problems,
              ElementsAre(HasSubstr("/epochs")));
  EXPECT_THAT(
      CheckWith(With("msd", 2, "/dataset/fingerprint", FakeHash('9'))).problems,
      ElementsAre(HasSubstr("data")));
  EXPECT_THAT(
      CheckWith(With("msd", 2, "/teacher/hash", FakeHash('9'))).problems,
      ElementsAre(HasSubstr("teacher")));
}

TEST(GatePlan, AMethodThatTheBaselineLacksIsOfOnePlanToo) {
  const Baseline baseline = MakeBaseline(Before(), {});
  const auto runs = Before() + GateRuns("snli_ve", "added", {0.7});
  EXPECT_TRUE(CheckAgainst(baseline, runs).passed());
  const GateResult result = CheckAgainst(
      baseline,
      runs + std::vector<Record>{With("added", 2, "/config/epochs", 9)});
  EXPECT_FALSE(result.passed());
  EXPECT_THAT(result.problems, ElementsAre(HasSubstr("/epochs")));
}

TEST(GatePlan, RunsOfSeveralPlansMakeNoBaseline) {
  const auto error_of = [](const Record& more) -> std::string {
    try {
      MakeBaseline(Before() + std::vector<Record>{more}, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "made";
  };
  EXPECT_EQ(error_of(GateRecord(GateRunJson("snli_ve", "kd", 5, 0.7))), "made");
  EXPECT_THAT(error_of(With("kd", 5, "/config/epochs", 9)),
              HasSubstr("/epochs"));
  EXPECT_THAT(error_of(With("kd", 5, "/teacher/hash", FakeHash('9'))),
              HasSubstr("teacher"));
  EXPECT_THAT(error_of(With("added", 5, "/config/epochs", 9)),
              HasSubstr("/epochs"));
}

TEST(PlanLines, TellEachDifferenceOnceWithItsRuns) {
  std::vector<Record> runs;
  for (std::uint64_t seed : {1, 2, 3}) {
    runs.push_back(With("kd", seed, "/config/epochs", seed == 3 ? 9 : 2));
  }
  const StoredConfig plan = PlanConfig(With("kd", 7, "/config/epochs", 4));
  EXPECT_THAT(
      PlanLines(plan, "in the baseline", {&runs[0], &runs[1], &runs[2]}),
      ElementsAre("/epochs: 4 in the baseline, 2 in kd seeds 1, 2",
                  "/epochs: 4 in the baseline, 9 in kd seed 3"));
  EXPECT_TRUE(
      PlanLines(PlanConfig(runs[0]), "here", {&runs[0], &runs[1]}).empty());
}

}  // namespace
}  // namespace msdbench
