#include "reports/folder_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/render_markdown.h"
#include "tests/reports/gate_runs.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

const FolderCell& CellOf(const FolderComparison& comparison,
                         const std::string& method) {
  for (const FolderCell& cell : comparison.cells) {
    if (cell.method == method) return cell;
  }
  throw RunError("no cell of " + method);
}

TEST(CompareFolders, CountsEqualRunsOfCommonSeeds) {
  const FolderComparison comparison =
      CompareFolders(GateRuns("snli_ve", "kd", {0.70, 0.71, 0.72}),
                     GateRuns("snli_ve", "kd", {0.75, 0.72, 0.80}, 2));
  ASSERT_EQ(comparison.cells.size(), 1u);
  const FolderCell& cell = comparison.cells[0];
  EXPECT_EQ(cell.metric, "accuracy");
  EXPECT_EQ(cell.common, 2u);  // seeds 2 and 3
  EXPECT_EQ(cell.exact, 1u);   // seed 3
  EXPECT_EQ(cell.first.n, 3u);
  EXPECT_NEAR(*cell.first.mean, 0.71, 1e-12);
  EXPECT_NEAR(*cell.change, (0.04 + 0) / 2, 1e-12);
  EXPECT_EQ(*cell.speed_ratio, 1);
}

TEST(CompareFolders, SpeedIsSecondOverFirst) {
  Json fast = GateRunJson("snli_ve", "kd", 1, 0.7);
  fast["timings"]["examples_per_second"] = 1200;  // 800 in the others
  const FolderComparison comparison =
      CompareFolders(GateRuns("snli_ve", "kd", {0.7}), {GateRecord(fast)});
  EXPECT_EQ(*comparison.cells[0].speed_ratio, 1.5);
}

TEST(CompareFolders, KeepsWhatOnlyOneFolderHasAndWhatFailed) {
  Simulated second;
  second.dataset = "snli_ve";
  second.seed = 2;
  Json failed = FailedRecord(second, "out of memory");
  failed["config"] = GateRunJson("snli_ve", "kd", 2, 0)["config"];
  const FolderComparison comparison = CompareFolders(
      GateRuns("snli_ve", "kd", {0.7}) + GateRuns("snli_ve", "old", {0.5}),
      GateRuns("snli_ve", "kd", {0.7}) + GateRuns("snli_ve", "new", {0.6}) +
          std::vector<Record>{GateRecord(failed)});
  ASSERT_EQ(comparison.cells.size(), 3u);
  EXPECT_FALSE(CellOf(comparison, "old").change);
  EXPECT_THAT(CellOf(comparison, "old").notes.at(0), "second: no run");
  EXPECT_THAT(CellOf(comparison, "new").notes.at(0), "first: no run");
  EXPECT_EQ(CellOf(comparison, "new").metric, "accuracy");
  EXPECT_THAT(CellOf(comparison, "kd").notes.at(0),
              HasSubstr("second: seed 2 failed: out of memory"));
}

TEST(CompareFolders, TellsOtherMachinesCodeDataAndConfigurations) {
  Json json = GateRunJson("snli_ve", "kd", 1, 0.7);
  json["code"]["revision"] = "fedcba9";
  json["environment"]["blas"]["name"] = "mkl";
  json["dataset"]["fingerprint"] = FakeHash('9');
  json["config"]["epochs"] = 9;
  const FolderComparison comparison =
      CompareFolders(GateRuns("snli_ve", "kd", {0.7}), {GateRecord(json)});
  EXPECT_THAT(comparison.notes,
              testing::ElementsAre(
                  "code: 0.1.0 (0123abc) -> 0.1.0 (fedcba9)",
                  "blas: openblas openmp 0.3.21 -> mkl openmp 0.3.21"));
  EXPECT_THAT(comparison.cells[0].notes,
              testing::ElementsAre("other data: not comparable",
                                   "other configurations: /epochs: absent in "
                                   "the first, 9 in the second"));
}

TEST(CompareFolders, TheTableAndTheJsonSayTheSame) {
  const FolderComparison comparison =
      CompareFolders(GateRuns("snli_ve", "kd", {0.70, 0.71}),
                     GateRuns("snli_ve", "kd", {0.70, 0.73}));
  EXPECT_THAT(RenderMarkdown(FolderTable(comparison)),
              HasSubstr("| SNLI-VE  | kd     | acc    | 70.50 ± 0.71 (2) | "
                        "71.50 ± 2.12 (2) |  +1.00 |     1 of 2 |  1.00 |"));
  const Json cell = FolderJson(comparison)["cells"][0];
  EXPECT_EQ(cell["equal_runs"], 1);
  EXPECT_EQ(cell["common_seeds"], 2);
  EXPECT_NEAR(cell["change"].get<double>(), 0.01, 1e-12);
}

}  // namespace
}  // namespace msdbench
