// `msdbench report` and `compare` where a folder holds records of more than one
// plan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <utility>

#include "reports/record_store.h"
#include "tests/benchmarks/cli/call.h"
#include "tests/reports/plan_records.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Outcome Report(std::vector<std::string> words) {
  words.insert(words.begin(), "report");
  return Call(std::move(words));
}

void Write(const std::filesystem::path& store, const std::vector<Json>& all) {
  for (const Json& json : all) {
    WriteRecord(RecordFile(store, json["dataset"]["name"].get<std::string>(),
                           json["method"]["name"].get<std::string>(),
                           json["seed"].get<std::uint64_t>()),
                json);
  }
}

TEST(ReportCommand, OnePlanIsNoProblem) {
  const TestFolder folder;
  Write(folder.path(), WholePlan());
  const Outcome outcome = Report({folder.path().string()});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, StartsWith("whole report in "));
}

TEST(ReportCommand, SeveralPlansAreToldFirstAndOneIsChosen) {
  const TestFolder folder;
  Write(folder.path(), WholePlan());
  Write(folder.path(), PlanRecords("kd", 0.95, 9, [](Json& json) {
          json["config"]["student"]["training"]["epochs"] = 120;
        }));
  const std::string store = folder.path().string();
  Outcome outcome = Report({store, "--format", "md"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err,
              StartsWith("problem: hateful_memes: 10 runs (msd: seeds 1, 2, 3, "
                         "4, 5; none: seeds 1, 2, 3, 4, 5) are of another "
                         "plan ("));
  EXPECT_THAT(outcome.err, HasSubstr("/student/training/epochs: 1 there, 120"));
  EXPECT_THAT(outcome.out, HasSubstr("95.2"));
  EXPECT_TRUE(std::filesystem::exists(folder / "report" / "report.md"));

  // The line names what to give to see the other.
  std::smatch hash;
  ASSERT_TRUE(std::regex_search(outcome.err, hash,
                                std::regex("--plan ([0-9a-f]{8}) shows")));
  const std::string plan = hash[1];
  outcome = Report({store, "--plan", plan, "--format", "md"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, StartsWith("note: hateful_memes: 5 runs (kd: "));
  EXPECT_THAT(outcome.out, HasSubstr("80.2"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("95.2")));

  outcome = Report({store, "--plans"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr(plan));
  EXPECT_THAT(outcome.out, HasSubstr("(used)"));

  outcome = Report({store, "--plan", "none"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("allowed: "));
}

TEST(CompareCommand, RunsThatAreLeftOutAreThree) {
  const TestFolder folder;
  const std::string first = (folder / "a").string();
  const std::string second = (folder / "b").string();
  Write(first, WholePlan());
  Write(second, WholePlan());
  EXPECT_EQ(Call({"compare", first, second}).code, 0);
  Write(second, PlanRecords("kd", 0.95, 9, [](Json& json) {
          json["config"]["student"]["training"]["epochs"] = 120;
        }));
  const Outcome outcome = Call({"compare", first, second});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("second: hateful_memes: 10 runs "));
  EXPECT_THAT(outcome.out, HasSubstr("left out"));
  EXPECT_EQ(Call({"compare", second, first, "--json"}).code, 3);
}

}  // namespace
}  // namespace msdbench
