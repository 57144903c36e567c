#include "reports/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/reports/gate_runs.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

std::vector<Record> Whole() {
  return GateRuns("snli_ve", "kd", {0.70, 0.72}) +
         GateRuns("snli_ve", "none", {0.6, 0.61}) +
         GateRuns("snli_ve", "teacher", {0.9}, 1000);
}

std::string ErrorOfMaking(const std::vector<Record>& records) {
  return ErrorOf([&] { MakeBaseline(records, {}); });
}

TEST(Baseline, KeepsRawValuesAndWhereTheyAreFrom) {
  const Baseline baseline = MakeBaseline(Whole(), {});
  EXPECT_EQ(baseline.suite, "quick");
  EXPECT_EQ(baseline.measured, "2026-01-31");
  EXPECT_EQ(baseline.revision, "0123abc");
  ASSERT_EQ(baseline.cells.size(), 3u);
  EXPECT_TRUE(baseline.cells[0].teacher);
  const BaselineCell& kd =
      baseline.cells[1].method == "kd" ? baseline.cells[1] : baseline.cells[2];
  EXPECT_EQ(kd.values, (BySeed{{1, 0.70}, {2, 0.72}}));
  EXPECT_EQ(kd.metric, "accuracy");
  EXPECT_EQ(kd.test_examples, 1000);
  EXPECT_EQ(kd.fingerprint, FakeHash('b'));
}

TEST(Baseline, ComesBackFromItsFileAsItWas) {
  const Baseline baseline = MakeBaseline(Whole(), {});
  const TestFolder folder;
  WriteFileAtomically(folder / "a.json", BaselineJson(baseline).dump(1));
  const Baseline again = LoadBaseline(folder / "a.json");
  EXPECT_EQ(BaselineJson(again), BaselineJson(baseline));
  EXPECT_EQ(again.platform, baseline.platform);
  EXPECT_EQ(again.platform, PlatformOf(Whole().front()));
  EXPECT_TRUE(MovedCells(baseline, again).rows.empty());
}

TEST(Baseline, KeepsEachConfigurationWholeAndWhatIsSharedOnce) {
  std::vector<Record> runs;
  for (const char* method : {"kd", "none"}) {
    for (std::uint64_t seed : {1, 2}) {
      Json json = GateRunJson("snli_ve", method, seed, 0.7);
      json["config"]["student"] = {{"layers", 2}, {"hidden", 64}};
      json["method"]["options"] = {{"lambda", 0.5}, {"own", method}};
      json["config"]["method"] = json["method"];
      json["config_changes"] = Json::parse(
          R"({"student": {"layers": 2}, "method": {"options": {"own": 1}}})");
      runs.push_back(GateRecord(json));
    }
  }
  const Json file = BaselineJson(MakeBaseline(runs, {}));
  ASSERT_EQ(file["configs"].size(), 1u);
  EXPECT_EQ(file["configs"][0]["config"]["student"],
            Json::parse(R"({"layers": 2, "hidden": 64})"));
  EXPECT_EQ(
      file["configs"][0]["config_changes"],
      Json::parse(
          R"({"student": {"layers": 2}, "method": {"options": {"own": 1}}})"));
  const Baseline again = ParseBaseline(file, "a.json");
  for (const BaselineCell& cell : again.cells) {
    EXPECT_EQ(file["cells"][&cell - again.cells.data()]["config"],
              Json::parse(R"({"method": {"options": {"own": ")" + cell.method +
                          "\"}}}"));
    EXPECT_EQ(cell.config.all["method"]["options"]["own"], cell.method);
    EXPECT_EQ(cell.config.all["method"]["options"]["lambda"], 0.5);
    EXPECT_EQ(cell.config.all["student"]["hidden"], 64);
    EXPECT_EQ(cell.config.all["dataset"]["name"], "snli_ve");
    EXPECT_FALSE(cell.config.all.contains("seed"));
    EXPECT_EQ(cell.config.changes, file["configs"][0]["config_changes"]);
  }
}

TEST(Baseline, AnOldFileIsRefusedWithHowToMakeItAnew) {
  Json old = BaselineJson(MakeBaseline(Whole(), {}));
  EXPECT_FALSE(IsOtherBaselineVersion(old));
  old["schema_version"] = 1;
  EXPECT_TRUE(IsOtherBaselineVersion(old));
  EXPECT_THAT(
      ErrorOf([&] { ParseBaseline(old, "my.json"); }),
      testing::AllOf(HasSubstr("my.json: /schema_version: 1, but"),
                     HasSubstr("baseline update RUNS --out my.json --drop")));
  // Not of a version at all: the schema's words.
  old["schema_version"] = "two";
  EXPECT_FALSE(IsOtherBaselineVersion(old));
  EXPECT_THAT(ErrorOf([&] { ParseBaseline(old, "my.json"); }),
              HasSubstr("/schema_version"));
}

TEST(Baseline, OtherFilesWithAVersionAreNone) {
  const Json baseline = BaselineJson(MakeBaseline(Whole(), {}));
  EXPECT_TRUE(IsBaseline(baseline));
  for (Json other :
       {GateRunJson("snli_ve", "kd", 1, 0.5), Json::array(), Json("text"),
        Json{{"schema_version", 9}, {"cells", {}}}}) {
    EXPECT_FALSE(IsBaseline(other)) << other;
    EXPECT_FALSE(IsOtherBaselineVersion(other)) << other;
  }
}

TEST(Baseline, OtherFoldersGiveTeachersAndNothingElse) {
  const auto more = GateRuns("snli_ve", "teacher", {0.9, 0.91, 0.92}, 1000) +
                    GateRuns("snli_ve", "kd", {0.1, 0.1, 0.1}, 5);
  const Baseline baseline = MakeBaseline(Whole(), more);
  ASSERT_EQ(baseline.cells.size(), 3u);
  EXPECT_EQ(baseline.cells[0].values,
            (BySeed{{1000, 0.9}, {1001, 0.91}, {1002, 0.92}}));
  EXPECT_EQ(baseline.cells[1].values.size(), 2u);
  EXPECT_EQ(baseline.cells[2].values.size(), 2u);
}

TEST(Baseline, RefusesWhatIsNotWholeOrNotOneThing) {
  EXPECT_EQ(ErrorOfMaking(Whole()), "");
  Simulated failed;
  failed.dataset = "snli_ve";
  failed.seed = 7;
  EXPECT_THAT(ErrorOfMaking(Whole() + std::vector<Record>{SimulateFailure(
                                          failed, "out of memory")}),
              HasSubstr("out of memory"));
  const auto with = [&](const std::string& pointer, const Json& value) {
    Json json = GateRunJson("snli_ve", "kd", 3, 0.7);
    json[Json::json_pointer(pointer)] = value;
    return ErrorOfMaking(Whole() + std::vector<Record>{GateRecord(json)});
  };
  EXPECT_THAT(with("/environment/blas/name", "mkl"), HasSubstr("blas"));
  EXPECT_THAT(with("/suite/name", "other"), HasSubstr("suite"));
  EXPECT_THAT(with("/code/revision", "fffffff"), HasSubstr("revision"));
  EXPECT_THAT(with("/config/epochs", 9), HasSubstr("another plan"));
  EXPECT_THAT(with("/config/epochs", 9), HasSubstr("/epochs: 9 there"));
  EXPECT_THAT(with("/code/numerics", 9), HasSubstr("numerics"));
  EXPECT_THAT(with("/teacher/hash", FakeHash('9')),
              HasSubstr("teacher's weights"));
  EXPECT_THAT(with("/dataset/fingerprint", FakeHash('9')),
              HasSubstr("data: \"99999999"));
  EXPECT_THAT(ErrorOfMaking(GateRuns("snli_ve", "kd", {0.5})),
              HasSubstr("one seed"));
  EXPECT_THAT(ErrorOfMaking(Whole() + GateRuns("snli_ve", "kd", {0.7})),
              HasSubstr("two records"));
  Json undefined = GateRunJson("snli_ve", "kd", 3, 0.7);
  SetMetric(undefined, "/results/test/multimodal/accuracy",
            std::numeric_limits<double>::quiet_NaN(), "no example");
  EXPECT_THAT(
      ErrorOfMaking(Whole() + std::vector<Record>{GateRecord(undefined)}),
      HasSubstr("no example"));
}

TEST(Baseline, ABrokenFileIsNamedWithThePlace) {
  const Json whole = BaselineJson(MakeBaseline(Whole(), {}));
  const auto error = [&](const std::string& pointer, const Json& value) {
    Json json = whole;
    json[Json::json_pointer(pointer)] = value;
    return ErrorOf([&] { ParseBaseline(json, "ci.json"); });
  };
  for (const auto& [pointer, value] : std::vector<std::pair<std::string, Json>>{
           {"/cells/1/values/x", 0.5},
           {"/cells/1/values/01", 0.5},
           {"/cells/1/values/-1", 0.5},
           {"/cells/1/values/1", "high"},
           {"/cells/1/values", Json::object()},
           {"/cells/1/plan_hash", "12"},
           {"/cells/1/config", "none"},
           {"/cells/1/config_changes", 1},
           {"/configs", Json::array()},
           {"/configs/0/role", "pupil"},
           {"/configs/0/dataset", "another"},
           {"/configs/1", whole["configs"][0]},
           {"/code/numerics", -1},
           {"/cells", Json::array()},
           {"/platform/blas", 3},
           {"/measured", "yesterday"},
           {"/more", 1}}) {
    const std::string message = error(pointer, value);
    EXPECT_THAT(message, HasSubstr("ci.json")) << pointer;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
  Json twice = whole;
  twice["cells"].push_back(twice["cells"][0]);
  EXPECT_THAT(ErrorOf([&] { ParseBaseline(twice, "ci.json"); }),
              HasSubstr("/cells/3"));
}

TEST(MovedCells, NameWhatMovedCameAndWent) {
  const Baseline before = MakeBaseline(Whole(), {});
  const Baseline after =
      MakeBaseline(GateRuns("snli_ve", "kd", {0.70, 0.74}) +
                       GateRuns("snli_ve", "none", {0.6, 0.61}) +
                       GateRuns("snli_ve", "msd", {0.8, 0.8}),
                   {});
  const Table table = MovedCells(before, after);
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const Cell& cell : row) rows.back().push_back(cell.text);
  }
  using Row = std::vector<std::string>;
  EXPECT_THAT(
      rows,
      testing::UnorderedElementsAre(
          Row{"snli_ve", "kd", "accuracy", "71.00 ± 1.41 (2)",
              "72.00 ± 2.83 (2)", "+1.00"},
          Row{"snli_ve", "msd", "accuracy", "", "80.00 ± 0.00 (2)", "new"},
          Row{"snli_ve", "teacher", "accuracy", "90.00 (1)", "", "gone"}));
}

}  // namespace
}  // namespace msdbench
