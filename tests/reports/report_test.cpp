#include "reports/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/record_store.h"
#include "tests/reports/simulated_record.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

void Store(const TestFolder& folder, const Simulated& run) {
  WriteRecord(RecordFile(folder.path(), run.dataset, run.method, run.seed),
              SimulatedRecord(run));
}

std::vector<Record> SmallSuite() {
  return {
      Simulate({"hateful_memes", "kd", "kd", 1, {{"accuracy", 0.5}}}),
      Simulate({"hateful_memes", "msd", "msd", 1, {{"accuracy", 0.75}}}),
      SimulateFailure({"hateful_memes", "msd", "msd", 2}, "out | of *luck*")};
}

TEST(Report, WholeMarkdown) {
  EXPECT_EQ(MarkdownReport(SmallSuite(), {"x/record.json: not valid JSON"}),
            R"(# Comparison

- runs: 3, of which failed: 1
- suite: quick (aaaaaaaa)
- code: 0.1.0 (0123abc)
- seeds: 1, 2

## Problems

- x/record.json: not valid JSON

## Test results

Test split, multimodal view, in percent: mean ± sample standard deviation over the seeds. In brackets the mean difference to kd in points, paired by seed.

| Method | Seeds |               Hateful Memes / acc |
| ------ | ----: | --------------------------------: |
| kd     |     1 |                              50.0 |
| msd    |     1 | 75.0 (+25.0), failed (1 of 2) [1] |

No difference is a claim: a test takes two or more seeds.

- [1] seed 2 failed: out \| of \*luck\*

## Difference to kd

Test split, multimodal view, in points of percent: mean of the differences paired by seed, 95 % t-interval of that mean, and p after Holm's correction (* as above).

| Method | Pairs | Hateful Memes / acc |
| ------ | ----: | ------------------: |
| msd    |     1 |               +25.0 |

## Hateful Memes: acc by view

Test split, in percent. The same model sees both modalities, only the text, or only the image.

| Method              | Seeds |                Multimodal |                      Text |                     Image |
| ------------------- | ----: | ------------------------: | ------------------------: | ------------------------: |
| kd                  |     1 |                      50.0 |                      40.0 |                      30.0 |
| msd                 |     1 | 75.0, failed (1 of 2) [1] | 65.0, failed (1 of 2) [1] | 55.0, failed (1 of 2) [1] |
| constant prediction |     - |                      50.0 |                      50.0 |                      50.0 |

- [1] seed 2 failed: out \| of \*luck\*

## Cost

Mean ± sample standard deviation over the seeds. Own memory: the most that the tensors a run made held at one time, beside the data, the teacher and other runs of the process.

| Data set      | Method | Seeds |             Parameters (M) |               Training (s) |                 Examples/s |           Own memory (MiB) |
| ------------- | ------ | ----: | -------------------------: | -------------------------: | -------------------------: | -------------------------: |
| Hateful Memes | kd     |     1 |                      14.35 |                      100.0 |                      800.0 |                      512.2 |
| Hateful Memes | msd    |     1 | 14.35, failed (1 of 2) [1] | 100.0, failed (1 of 2) [1] | 800.0, failed (1 of 2) [1] | 512.2, failed (1 of 2) [1] |

- [1] seed 2 failed: out \| of \*luck\*

## Data

- Hateful Memes: 2 labels; dev dev_seen (10 examples), test test_seen (20 examples); fingerprint bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb

## Runs behind each cell

- kd / Hateful Memes / acc: hateful_memes/kd/seed-1/record.json
- msd / Hateful Memes / acc: hateful_memes/msd/seed-1/record.json, hateful_memes/msd/seed-2/record.json
)");
}

TEST(Report, SaysWhereDevCouldNotTellEpochsApart) {
  std::vector<Record> records;
  const auto add = [&](const char* method, std::uint64_t seed,
                       const Json& tied) {
    Json json = SimulatedRecord({"mm_imdb", method, method, seed});
    Json second = json["epochs"][0];
    second["epoch"] = 2;
    json["epochs"].push_back(second);
    json["selection"]["tied"] = tied;
    records.push_back(ParseRecord(json, std::string(method) + "/record.json"));
  };
  add("none", 1, Json::array());
  EXPECT_THAT(MarkdownReport(records, {}), Not(HasSubstr("equal on dev")));
  add("kd", 1, {1, 2});
  add("kd", 2, Json::array());
  EXPECT_THAT(MarkdownReport(records, {}),
              HasSubstr("- MM-IMDB: in 1 of 3 runs the epoch that was kept is "
                        "the first of several that are equal on dev, in 1 all "
                        "epochs are: kd seed 1 (2 of 2 epochs)\n"));
  for (std::uint64_t seed = 3; seed < 9; ++seed) add("kd", seed, {1, 2});
  EXPECT_THAT(MarkdownReport(records, {}),
              HasSubstr("kd seed 6 (2 of 2 epochs) and 2 more\n"));
}

TEST(Report, WritesTheFormatsAndReturnsTheMainTable) {
  const TestFolder folder;
  Store(folder, {"hateful_memes", "kd", "kd", 1});
  const std::string main =
      WriteReport(folder.path(), folder / "out", {"md", "csv"});
  EXPECT_THAT(main, StartsWith("## Test results\n"));
  // The terminal gets the primary metrics, the file all of the main table.
  EXPECT_THAT(main, HasSubstr("Hateful Memes / AUROC"));
  EXPECT_THAT(main, Not(HasSubstr("Hateful Memes / acc")));
  EXPECT_THAT(ReadTextFile(folder / "out" / "report.md"),
              AllOf(StartsWith("# "), HasSubstr("Hateful Memes / AUROC"),
                    HasSubstr("Hateful Memes / acc")));
  EXPECT_THAT(ReadTextFile(folder / "out" / "report.csv"),
              StartsWith("dataset,metric,split,view,method,n,"));
}

TEST(Report, ProblemsAreListedNotDropped) {
  const TestFolder folder;
  Store(folder, {"hateful_memes", "kd", "kd", 1});
  Json twin = SimulatedRecord({"hateful_memes", "kd", "kd", 1});
  twin["config_hash"] = FakeHash('9');
  WriteRecord(folder.path() / "old" / "record.json", twin);
  WriteFileAtomically(folder.path() / "torn" / "record.json", "{");
  WriteReport(folder.path(), folder / "out", {"md"});
  const std::string text = ReadTextFile(folder / "out" / "report.md");
  EXPECT_THAT(text, HasSubstr("## Problems\n"));
  EXPECT_THAT(text, HasSubstr("torn/record.json: not valid JSON"));
  EXPECT_THAT(text, HasSubstr("kd, seed 1: two records with different "
                              "configurations: hateful_memes/kd/seed-1/"
                              "record.json"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out" / "report.csv"));
}

TEST(Report, NothingToReportIsAnError) {
  const TestFolder folder;
  EXPECT_EQ(
      ErrorOf([&] { WriteReport(folder.path(), folder / "out", {"md"}); }),
      folder.path().string() + ": no record.json in this folder or below it");
  WriteFileAtomically(folder.path() / "torn" / "record.json", "{");
  EXPECT_THAT(
      ErrorOf([&] { WriteReport(folder.path(), folder / "out", {"md"}); }),
      HasSubstr("torn/record.json: not valid JSON"));
  EXPECT_EQ(
      ErrorOf([&] { WriteReport(folder.path(), folder / "out", {"pdf"}); }),
      "unknown report format \"pdf\"; allowed: md, csv, tex, html");
}

TEST(Report, TheSameRecordsGiveTheSameBytes) {
  EXPECT_EQ(MarkdownReport(SmallSuite(), {}), MarkdownReport(SmallSuite(), {}));
}

}  // namespace
}  // namespace msdbench
