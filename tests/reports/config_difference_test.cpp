#include "reports/config_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Json Parsed(const char* text) { return ParseJson(text, "test"); }

// What records from before `config_changes` have.
StoredConfig Old(const char* all) { return {Parsed(all), nullptr}; }

StoredConfig New(const char* all, const char* changes) {
  return {Parsed(all), Parsed(changes)};
}

// In both directions, which must agree.
std::vector<std::string> Differences(const StoredConfig& first,
                                     const StoredConfig& second) {
  std::vector<std::string> lines, mirrored;
  for (const auto& difference : ConfigDifferences(first, second)) {
    lines.push_back(DifferenceText(difference));
  }
  for (const auto& difference : ConfigDifferences(second, first)) {
    mirrored.push_back(DifferenceText(
        {difference.pointer, difference.second, difference.first}));
  }
  EXPECT_EQ(lines, mirrored);
  return lines;
}

TEST(ConfigDifference, NamesThePlaceAndBothValues) {
  EXPECT_THAT(Differences(Old(R"({"dataset": {"threshold": "fixed"},
                                  "student": {"training": {"epochs": 1}}})"),
                          Old(R"({"dataset": {"threshold": "dev"},
                                  "student": {"training": {"epochs": 120}}})")),
              ElementsAre(R"(/dataset/threshold: "fixed" here, "dev" there)",
                          "/student/training/epochs: 1 here, 120 there"));
}

TEST(ConfigDifference, TheOrderOfKeysAndTheKindOfNumberSayNothing) {
  EXPECT_THAT(Differences(Old(R"({"a": 1, "b": {"c": 2.0, "d": [{"e": 1,
                                  "f": 2}]}})"),
                          Old(R"({"b": {"d": [{"f": 2, "e": 1}], "c": 2},
                                  "a": 1})")),
              IsEmpty());
}

TEST(ConfigDifference, ListsAreComparedWhole) {
  EXPECT_THAT(Differences(Old(R"({"channels": [16, 32]})"),
                          Old(R"({"channels": [16, 32, 64]})")),
              ElementsAre("/channels: [16,32] here, [16,32,64] there"));
}

TEST(ConfigDifference, AnOptionAddedLaterWithItsDefaultChangesNothing) {
  const StoredConfig without =
      New(R"({"student": {"epochs": 3}})", R"({"student": {"epochs": 3}})");
  const StoredConfig before = Old(R"({"student": {"epochs": 3}})");
  const StoredConfig with =
      New(R"({"student": {"epochs": 3, "later": {"kind": "plain"}}})",
          R"({"student": {"epochs": 3}})");
  EXPECT_THAT(Differences(without, with), IsEmpty());
  EXPECT_THAT(Differences(before, with), IsEmpty());
}

TEST(ConfigDifference, AnOptionAddedLaterAndUsedDiffers) {
  const char* all =
      R"({"student": {"epochs": 3, "later": {"kind": "bold", "list": [1]}}})";
  const StoredConfig with = New(
      all,
      R"({"student": {"epochs": 3, "later": {"kind": "bold", "list": [1]}}})");
  for (const StoredConfig& without :
       {New(R"({"student": {"epochs": 3}})", R"({"student": {"epochs": 3}})"),
        Old(R"({"student": {"epochs": 3}})")}) {
    EXPECT_THAT(Differences(without, with),
                ElementsAre(R"(/student/later/kind: absent here, "bold" there)",
                            "/student/later/list: absent here, [1] there"));
  }
  // A list of the changes is told whole, and so is a value turned a section.
  EXPECT_THAT(Differences(New("{}", "{}"), New(all, R"({"student": true})")),
              ElementsAre("/student/epochs: absent here, 3 there",
                          R"(/student/later/kind: absent here, "bold" there)",
                          "/student/later/list: absent here, [1] there"));
}

TEST(ConfigDifference, AnOptionThatOnlyAnOldRecordHasDiffers) {
  const StoredConfig old = Old(R"({"a": 1, "gone": 2})");
  EXPECT_THAT(Differences(old, Old(R"({"a": 1})")),
              ElementsAre("/gone: 2 here, absent there"));
  EXPECT_THAT(Differences(old, New(R"({"a": 1})", "{}")),
              ElementsAre("/gone: 2 here, absent there"));
}

TEST(ConfigDifference, OptionsFromBeforeTheChangesWereToldHaveTheirDefaults) {
  const StoredConfig oldest =
      Old(R"({"dataset": {"name": "mm_imdb"}, "student": {"model": {}}})");
  EXPECT_THAT(
      Differences(oldest,
                  Old(R"({"dataset": {"name": "mm_imdb", "plot": "first",
                              "threshold": "fixed"},
                  "input": {"features": {"weights": "", "store": "", "grid": 0,
                                         "tokens": 0, "precision": "stored"}},
                  "student": {"init": {"from": "", "layers": []},
                              "model": {"precision": "fp32"}}})")),
      IsEmpty());
  EXPECT_THAT(
      Differences(oldest,
                  Old(R"({"dataset": {"name": "mm_imdb", "plot": "longest"},
                          "student": {"model": {"precision": "bf16"}}})")),
      ElementsAre(R"(/dataset/plot: absent here, "longest" there)",
                  R"(/student/model/precision: absent here, "bf16" there)"));
}

TEST(ConfigDifference, ASectionAndAValueDiffer) {
  EXPECT_THAT(Differences(Old(R"({"a": {"b": 1}})"), Old(R"({"a": 1})")),
              ElementsAre(R"(/a: {"b":1} here, 1 there)"));
}

TEST(ConfigDifference, PlacesAreJsonPointersAndTextsStayOneLine) {
  EXPECT_THAT(
      Differences(Old(R"({"a/b~c": "x\ny"})"), Old(R"({"a/b~c": "z"})")),
      ElementsAre(R"(/a~1b~0c: "x\ny" here, "z" there)"));
  const std::string lots(1000, 'x');
  const std::string text =
      DifferenceText({"/a", lots, "é"}, "in the runs", "in the baseline");
  EXPECT_LT(text.size(), 150u);
  EXPECT_THAT(text,
              testing::HasSubstr(R"(xxx... in the runs, "é" in the baseline)"));
}

TEST(ConfigDifference, APlanIsWithoutSeedDeviceAndPlace) {
  Json json = SimulatedRecord({});
  json["method"]["options"] = {{"lambda", 0.5}};
  json["config"] = Parsed(
      R"({"dataset": {"name": "d", "path": "here", "teacher_gate": "warn"},
          "teacher": {"seed": 5}, "seed": 1, "device": "cuda",
          "method": {"kind": "kd", "options": {"lambda": 0.5}}})");
  json["config_changes"] = Parsed(
      R"({"dataset": {"name": "d", "path": "here"}, "seed": 1,
          "method": {"kind": "kd"}})");
  json["code"]["numerics"] = 3;
  const Record student = ParseRecord(json, "x");
  EXPECT_EQ(student.numerics, 3);
  const StoredConfig plan = PlanConfig(student);
  EXPECT_EQ(plan.all,
            Parsed(R"({"dataset": {"name": "d"}, "teacher": {"seed": 5},
                       "method": {"kind": "kd", "options": {"lambda": 0.5}}})"));
  EXPECT_EQ(plan.changes, Parsed(R"({"dataset": {"name": "d"},
                                     "method": {"kind": "kd"}})"));

  json = SimulatedRecord({"d", "teacher", "teacher", 5});
  json["config"] = Parsed(R"({"teacher": {"seed": 5, "views": []}})");
  const Record teacher = ParseRecord(json, "x");
  EXPECT_FALSE(teacher.numerics);
  EXPECT_EQ(PlanConfig(teacher).all, Parsed(R"({"teacher": {"views": []}})"));
  EXPECT_TRUE(PlanConfig(teacher).changes.is_null());
}

TEST(ConfigDifference, AFailedRunHasThePlanOfTheOthers) {
  Json json = SimulatedRecord({});
  json["method"]["options"] = {{"lambda", 0.5}};
  json["config"]["method"] = {{"kind", "kd"}, {"options", {{"lambda", 0.5}}}};
  Json failed = FailedRecord({}, "no data");
  failed["method"]["options"] = {{"lambda", 0.5}};
  EXPECT_THAT(ConfigDifferences(PlanConfig(ParseRecord(json, "x")),
                                PlanConfig(ParseRecord(failed, "x"))),
              IsEmpty());
}

}  // namespace
}  // namespace msdbench
