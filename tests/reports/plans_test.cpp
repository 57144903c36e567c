#include "reports/plans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/plan_records.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Change SetTo(const std::string& pointer, const Json& value) {
  return [=](Json& json) { json[Json::json_pointer(pointer)] = value; };
}

// In the configuration and, as the runner does, in what is not a default.
Change Configure(const std::string& pointer, const Json& value) {
  return [=](Json& json) {
    json[Json::json_pointer("/config" + pointer)] = value;
    json[Json::json_pointer("/config_changes" + pointer)] = value;
  };
}

// As --set distillation.temperature does.
void HotSuite(Json& json) {
  json["suite"]["hash"] = FakeHash('9');
  json["suite"]["distillation"]["temperature"] = 8.0;
  if (!json["method"]["options"].contains("temperature")) return;
  json["method"]["options"]["temperature"] = 8.0;
  json["config"]["method"]["options"]["temperature"] = 8.0;
}

// Of a row that has its own temperature.
void OwnTemperature(Json& json) {
  json["method"]["options"]["temperature"] = 4.0;
  json["config"]["method"]["options"]["temperature"] = 4.0;
}

// The lines about `records`, which of which are left out in `methods`.
std::vector<std::string> LinesOf(const std::vector<Json>& all,
                                 std::vector<std::string>* left_out = nullptr,
                                 const PlanOptions& options = {}) {
  const std::vector<Record> records = Parsed(all);
  const Plans plans(records, options);
  for (const Record& record : records) {
    if (left_out != nullptr && plans.LeavesOut(record)) {
      left_out->push_back(record.method + " " + std::to_string(record.seed));
    }
  }
  return plans.lines();
}

TEST(Plans, OneSuiteIsOnePlan) {
  const std::vector<Record> records = Parsed(WholePlan());
  const Plans plans(records, {});
  EXPECT_THAT(plans.lines(), IsEmpty());
  ASSERT_THAT(plans.all(), SizeIs(1));
  EXPECT_THAT(plans.all()[0].records, SizeIs(16));
  EXPECT_EQ(plans.all()[0].started, "2026-01-31T18:13:00Z");
  EXPECT_FALSE(plans.is_open());
  EXPECT_EQ(plans.Remark(), "");
}

TEST(Plans, ARowOfOtherSettingsIsNotOfTheOthersPlan) {
  const auto epochs = Configure("/student/training/epochs", 120);
  const std::vector<Record> records =
      Parsed(PlanRecords("teacher", 0.9) + PlanRecords("none", 0.6) +
             PlanRecords("kd", 0.7, 9, epochs));
  const Plans plans(records, {});
  ASSERT_THAT(plans.all(), SizeIs(2));
  EXPECT_TRUE(plans.is_open());
  // The newest comes first; the teacher is the same under both.
  EXPECT_TRUE(plans.all()[0].used);
  EXPECT_THAT(plans.all()[0].records, SizeIs(6));
  EXPECT_THAT(plans.all()[1].records, SizeIs(6));
  EXPECT_THAT(plans.all()[1].left_out, SizeIs(5));
  const std::string first = plans.all()[0].hash.substr(0, 8),
                    second = plans.all()[1].hash.substr(0, 8);
  EXPECT_THAT(
      plans.lines(),
      ElementsAre("hateful_memes: 5 runs (none: seeds 1, 2, 3, 4, 5) are of "
                  "another plan (" +
                  second + ") than the one used (" + first +
                  "): /student/training/epochs: 1 there, 120 in the one used; "
                  "left out of all tables"));
  EXPECT_THAT(plans.Remark(),
              AllOf(HasSubstr("5 runs of other settings"), HasSubstr(first)));

  PlanOptions older;
  older.chosen = {second.substr(0, 6)};
  older.offer_choice = true;
  const Plans chosen(records, older);
  EXPECT_FALSE(chosen.is_open());
  EXPECT_THAT(chosen.lines(),
              ElementsAre(AllOf(HasSubstr("(kd: seeds 1, 2, 3, 4, 5)"),
                                HasSubstr("epochs: 120 there, 1 in the one"),
                                HasSubstr("(--plan " + first + " shows"))));
}

TEST(Plans, EachKindOfDifferenceIsFound) {
  const std::pair<Change, const char*> kChanges[] = {
      {Configure("/student/training/epochs", 2), "/student/training/epochs: "},
      {Configure("/teacher/training/epochs", 9), "/teacher/training/epochs: "},
      {Configure("/teacher/seed", 7), "/teacher/seed: "},
      {Configure("/dataset/threshold", "dev"), "/dataset/threshold: absent"},
      {Configure("/input/image_size", 32), "/input/image_size: "},
      {Configure("/removal", "zero"), "/removal: "},
      {Configure("/meta_fraction", 0.2), "/meta_fraction: "},
      {SetTo("/dataset/fingerprint", FakeHash('9')), "data: \"bbbbbbbb, "},
      {SetTo("/dataset/splits/test/examples", 19), "data: "},
      {SetTo("/dataset/splits/dev/name", "dev_unseen"), "data: "},
      {SetTo("/code/numerics", 2), "numerics version: 1 there, 2 in"},
      {[](Json& json) { json["code"].erase("numerics"); },
       "numerics version: 1 there, \"that of 0.1.0\" in"},
      {SetTo("/teacher/hash", FakeHash('9')), "the teacher's weights: \"ddd"},
      {HotSuite, "/distillation/temperature: 2.0 there, 8.0 in"}};
  for (const auto& [change, text] : kChanges) {
    std::vector<std::string> left_out;
    const auto lines =
        LinesOf(PlanRecords("teacher", 0.9) + PlanRecords("kd", 0.7) +
                    PlanRecords("msd", 0.8, 9, change),
                &left_out);
    EXPECT_THAT(lines, ElementsAre(HasSubstr(text)));
    // The newest row stays.
    EXPECT_THAT(left_out, testing::Contains("kd 1")) << text;
    EXPECT_THAT(left_out, testing::Not(testing::Contains("msd 1"))) << text;
  }
}

TEST(Plans, SeedsOfOneRowHaveOneSetOfOptions) {
  std::vector<std::string> left_out;
  EXPECT_THAT(
      LinesOf(WholePlan() + std::vector<Json>{PlanRecord("msd", 6, 0.8, 9,
                                                         OwnTemperature)},
              &left_out),
      ElementsAre(HasSubstr(
          "/method/options/temperature: 2.0 there, 4.0 in the one used")));
  EXPECT_THAT(left_out,
              ElementsAre("msd 1", "msd 2", "msd 3", "msd 4", "msd 5"));
}

TEST(Plans, RowsMayHaveOptionsOfTheirOwn) {
  EXPECT_THAT(
      LinesOf(WholePlan() + PlanRecords("msd-hot", 0.8, 9, OwnTemperature)),
      IsEmpty());
  // Also under a suite that was extended since.
  EXPECT_THAT(LinesOf(WholePlan() + PlanRecords("msd-hot", 0.8, 9,
                                                [](Json& json) {
                                                  OwnTemperature(json);
                                                  json["suite"]["hash"] =
                                                      FakeHash('9');
                                                })),
              IsEmpty());
}

// One row again, from another file that gives it options of its own.
TEST(Plans, ARowRunAgainWithOptionsOfItsOwnIsOfAnotherPlan) {
  const auto rows = [](const Json& kd) {
    return [kd](Json& json) {
      json["suite"]["methods"] = {{"kd", kd}, {"msd-fixed", Json::object()}};
    };
  };
  std::vector<Json> records = PlanRecords("msd-fixed", 0.8, 9, rows({}));
  for (Json& record : records) {
    record["suite"]["methods"]["kd"] = Json::object();
  }
  const std::vector<Json> again = PlanRecords("kd", 0.8, 9, [&](Json& json) {
    OwnTemperature(json);
    rows({{"temperature", 4.0}})(json);
    json["suite"]["hash"] = FakeHash('9');
  });
  EXPECT_THAT(LinesOf(records + again),
              ElementsAre(HasSubstr("/distillation/temperature")));
  // A row that the older suite did not have is new, not another.
  for (Json& record : records) record["suite"]["methods"].erase("kd");
  EXPECT_THAT(LinesOf(records + again), IsEmpty());
}

TEST(Plans, RecordsOfBeforeMayDifferInsideOneSuiteOnly) {
  const auto before = [](Json& json) {
    json["suite"].erase("distillation");
    json.erase("config_changes");
  };
  const auto own = [&](Json& json) {
    before(json);
    OwnTemperature(json);
  };
  const auto kd = PlanRecords("kd", 0.7, 0, before);
  EXPECT_THAT(LinesOf(kd + PlanRecords("msd", 0.8, 9, own)), IsEmpty());
  const auto of_another = [&](Json& json) {
    own(json);
    json["suite"]["hash"] = FakeHash('9');
  };
  const auto other = PlanRecords("msd", 0.8, 9, of_another);
  EXPECT_THAT(LinesOf(kd + other),
              ElementsAre(HasSubstr("/distillation/temperature: 2.0 there, ")));
  // One seed of the first suite shows that the two rows belong together.
  EXPECT_THAT(LinesOf(kd + other +
                      std::vector<Json>{PlanRecord("msd", 6, 0.8, 0, own)}),
              IsEmpty());
}

TEST(Plans, WhatCannotChangeANumberMakesNoOtherPlan) {
  const auto other = [](Json& json) {
    json["suite"]["hash"] = FakeHash('9');  // seeds and data sets added
    json["config_hash"] = FakeHash('8');
    json["config"]["dataset"]["path"] = "there";
    json["config"]["dataset"]["teacher_gate"] = "warn";
    json["config"]["device"] = "cuda";
    json["code"]["revision"] = "fedcba9";
    // Options that came later, at their defaults.
    json["config"]["student"]["later"] = {{"kind", "plain"}};
    json["config"]["input"]["list"] = Json::array();
    json["config"]["method"]["options"]["new"] = 3;
    json["method"]["options"]["new"] = 3;
  };
  std::vector<Json> more;
  for (const char* method : {"kd", "msd"}) {
    more.push_back(PlanRecord(method, 6, 0.75, 9, other));
  }
  EXPECT_THAT(LinesOf(WholePlan() + more), IsEmpty());
}

TEST(Plans, AStudentAloneDoesNotDependOnTheTeacher) {
  const auto teacher = Configure("/teacher/training/epochs", 9);
  std::vector<std::string> left_out;
  EXPECT_THAT(LinesOf(PlanRecords("none", 0.6) +
                          PlanRecords("teacher", 0.9, 8, teacher) +
                          PlanRecords("kd", 0.7, 9, teacher),
                      &left_out),
              IsEmpty());
  // Unless it starts from its weights.
  const auto starts = Configure("/student/init/from", "teacher");
  LinesOf(PlanRecords("none", 0.6, 0, starts) +
              PlanRecords("teacher", 0.9, 8, teacher),
          &left_out);
  EXPECT_THAT(left_out, SizeIs(5));
}

TEST(Plans, ATeacherBelongsToTheStudentsThatLearnFromIt) {
  std::vector<std::string> left_out;
  const auto lines = LinesOf(
      WholePlan() + std::vector<Json>{PlanRecord("teacher", 1001, 0.7, 0)},
      &left_out);
  EXPECT_THAT(lines, ElementsAre(HasSubstr("/teacher/seed: 1001 there, 1000")));
  EXPECT_THAT(left_out, ElementsAre("teacher 1001"));
  // Baselines and their checks have several on purpose.
  PlanOptions any;
  any.any_teacher = true;
  EXPECT_THAT(LinesOf(WholePlan() + std::vector<Json>{PlanRecord(
                                        "teacher", 1001, 0.7, 0,
                                        SetTo("/teacher/hash", FakeHash('9')))},
                      nullptr, any),
              IsEmpty());
}

TEST(Plans, FailedRunsAreOfThePlanThatAskedForThem) {
  const auto failed = [](const Change& change) {
    std::vector<Json> records;
    for (std::uint64_t seed = 6; seed <= 7; ++seed) {
      Json json = PlanRecord("kd", seed, 0.7, 0, change);
      const Json all = json;
      json = FailedRecord({"hateful_memes", "kd", "kd", seed}, "no memory");
      for (const char* part :
           {"suite", "method", "config", "code", "config_changes"}) {
        json[part] = all[part];
      }
      // As where the data could not be read, before a method was made.
      json["config"].erase("method");
      records.push_back(json);
    }
    return records;
  };
  EXPECT_THAT(LinesOf(WholePlan() + failed(nullptr)), IsEmpty());
  std::vector<std::string> left_out;
  EXPECT_THAT(
      LinesOf(WholePlan() + failed(Configure("/student/training/epochs", 2)),
              &left_out),
      ElementsAre(HasSubstr("/student/training/epochs: 2 there, 1 in")));
  EXPECT_THAT(left_out, ElementsAre("kd 6", "kd 7"));
}

TEST(Plans, DataSetsMayHaveDifferentSettings) {
  const auto other = [](Json& json) {
    Configure("/student/training/epochs", 9)(json);
    json["dataset"]["name"] = "mm_imdb";
    json["dataset"]["fingerprint"] = FakeHash('9');
  };
  const std::vector<Record> records =
      Parsed(WholePlan() + PlanRecords("kd", 0.7, 9, other));
  const Plans plans(records, {});
  EXPECT_THAT(plans.lines(), IsEmpty());
  EXPECT_THAT(plans.all(), SizeIs(2));
  EXPECT_FALSE(plans.is_open());
}

TEST(Plans, OlderPlansKeepTheirOwnRowsTogether) {
  const std::vector<Record> records =
      Parsed(PlanRecords("kd", 0.7, 1) + PlanRecords("msd", 0.8, 2) +
             PlanRecords("kd", 0.7, 3, HotSuite) +
             PlanRecords("msd", 0.7, 4, HotSuite));
  const Plans plans(records, {});
  ASSERT_THAT(plans.all(), SizeIs(2));
  EXPECT_THAT(plans.all()[0].records, SizeIs(10));
  EXPECT_THAT(plans.all()[1].left_out, SizeIs(10));
}

TEST(Plans, TheOrderOfRecordsSaysNothing) {
  std::vector<Json> all =
      WholePlan() + PlanRecords("msd", 0.8, 3, OwnTemperature);
  const auto forwards = LinesOf(all);
  std::reverse(all.begin(), all.end());
  const std::vector<Record> records = Parsed(all);
  const Plans backwards(records, {});
  ASSERT_THAT(backwards.lines(), SizeIs(1));
  EXPECT_EQ(backwards.lines()[0].substr(backwards.lines()[0].find("are of")),
            forwards.at(0).substr(forwards[0].find("are of")));
}

TEST(Plans, AChoiceThatIsNoneNamesThoseThereAre) {
  const std::vector<Record> records = Parsed(WholePlan());
  const std::string hash = Plans(records, {}).all()[0].hash.substr(0, 8);
  const auto error = [&](const std::vector<std::string>& chosen) {
    PlanOptions options;
    options.chosen = chosen;
    return ErrorOf([&] { Plans(records, options); });
  };
  EXPECT_EQ(error({"xyz"}),
            "--plan \"xyz\": is the beginning of no plan here; allowed: " +
                hash + " (hateful_memes)");
  EXPECT_THAT(error({""}), HasSubstr("no plan"));
  EXPECT_THAT(error({hash, hash}), HasSubstr("second plan of one data set"));
  EXPECT_EQ(error({hash}), "");
}

TEST(Plans, TheListHasARowAPlanNewestFirst) {
  const std::vector<Record> records = Parsed(
      PlanRecords("none", 0.6) +
      PlanRecords("kd", 0.7, 9, Configure("/student/training/epochs", 120)));
  const Table table = PlanTable(Plans(records, {}));
  ASSERT_THAT(table.rows, SizeIs(2));
  EXPECT_THAT(table.rows[0][1].text, HasSubstr("(used)"));
  EXPECT_EQ(table.rows[0][3].text, "2026-01-31T18:19:00Z");
  EXPECT_EQ(table.rows[1][4].text, "none: seeds 1, 2, 3, 4, 5");
  EXPECT_THAT(table.rows[1][5].text, HasSubstr("/student/training/epochs"));
}

TEST(Plans, MoreThanAnybodyChoosesFromAreLeftOutTogether) {
  std::vector<Json> all;
  for (int epochs = 1; epochs <= 60; ++epochs) {
    all.push_back(PlanRecord("kd", static_cast<std::uint64_t>(epochs), 0.7, 0,
                             Configure("/student/training/epochs", epochs)));
  }
  std::vector<std::string> left_out;
  const auto lines = LinesOf(all, &left_out);
  EXPECT_THAT(left_out, SizeIs(59));
  EXPECT_THAT(lines, SizeIs(50));
  EXPECT_THAT(lines[0], HasSubstr("10 runs of still older plans"));
}

}  // namespace
}  // namespace msdbench
