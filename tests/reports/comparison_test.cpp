#include "reports/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/render_csv.h"
#include "reports/render_markdown.h"
#include "tests/reports/simulated_record.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Comparison Compared(const std::vector<Record>& records,
                    const ComparisonOptions& options = {}) {
  return Compare(RunMatrix(records, options.order), options);
}

Simulated OneRun(const std::string& dataset, const std::string& method,
                 std::uint64_t seed, double primary, double second) {
  Simulated run;
  run.dataset = dataset;
  run.method = method;
  run.kind = method;
  run.seed = seed;
  run.metrics = {{"roc_auc", primary}, {"accuracy", second}};
  return run;
}

// KD: 0.70 and 0.72, mean 0.71, sd 0.0141. MSD: 0.72 and 0.73, mean 0.725, sd
// 0.0071; pairs +0.02 and +0.01: mean 0.015, sd 0.0071. With two pairs, p = 1 -
// 2 atan(|t|) / pi: t = -6 and -4 of none give 0.105 and 0.156, t = 3 and -1 of
// msd 0.205 and 0.5; times 4, 3, 2, 1 and never falling: Holm's 0.42, 0.47,
// 0.47 and 0.5.
std::vector<Record> TwoSeeds() {
  return {Simulate(OneRun("hateful_memes", "kd", 1, 0.70, 0.60)),
          Simulate(OneRun("hateful_memes", "kd", 2, 0.72, 0.60)),
          Simulate(OneRun("hateful_memes", "msd", 1, 0.72, 0.60)),
          Simulate(OneRun("hateful_memes", "msd", 2, 0.73, 0.59)),
          Simulate(OneRun("hateful_memes", "none", 1, 0.65, 0.55)),
          Simulate(OneRun("hateful_memes", "none", 2, 0.65, 0.57)),
          Simulate(OneRun("hateful_memes", "teacher", 0, 0.80, 0.70))};
}

TEST(Comparison, MainTableHandWorked) {
  EXPECT_EQ(RenderMarkdown(Compared(TwoSeeds()).main),
            R"(## Test results

Test split, multimodal view, in percent: mean ± sample standard deviation over the seeds. In brackets the mean difference to kd in points, paired by seed.

| Method        | Seeds | Hateful Memes / AUROC | Hateful Memes / acc |
| ------------- | ----: | --------------------: | ------------------: |
| teacher       |     1 |                  80.0 |                70.0 |
| student alone |     2 |     65.0 ± 0.0 (-6.0) |   56.0 ± 1.4 (-4.0) |
| kd            |     2 |            71.0 ± 1.4 |          60.0 ± 0.0 |
| msd           |     2 |     72.5 ± 0.7 (+1.5) |   59.5 ± 0.7 (-0.5) |

Only differences marked * are claims: p at most 0.05 in two-sided paired t-tests over the seeds, after Holm's correction for the report's 4 differences. With 2 seeds no mark is possible unless a mean difference is at least 36.0 times its standard deviation.
)");
}

// Of two pairs, the interval reaches t = tan(0.475 pi) = 12.706 times sd /
// sqrt(2), so 6.35 points for +2 and +1. Pooled standard deviation of either
// metric: sqrt((0.0141^2 + 0.0071^2) / 2) = 0.0112. Power with one degree of
// freedom: t = 1 / tan(0.00625 pi) = 50.92 at the level 0.05 / 4, and for large
// t it is found with 80 % at 50.92 times the normal distribution's 0.9
// quantile, 1.2816 (their product is 65.26; exact, 65.27), over sqrt(2): 46.15
// deviations.
TEST(Comparison, DifferencesHandWorked) {
  EXPECT_EQ(RenderMarkdown(Compared(TwoSeeds()).differences),
            R"(## Difference to kd

Test split, multimodal view, in points of percent: mean of the differences paired by seed, 95 % t-interval of that mean, and p after Holm's correction (* as above). Last row: the true mean difference that so many seeds would have shown in 80 % of cases, at the level of Holm's first step over 4 differences and with the spread seen here.

| Method                | Pairs |       Hateful Memes / AUROC |         Hateful Memes / acc |
| --------------------- | ----: | --------------------------: | --------------------------: |
| student alone         |     2 | -6.0 (-18.7 to 6.7), p 0.42 | -4.0 (-16.7 to 8.7), p 0.47 |
| msd                   |     2 |  +1.5 (-4.9 to 7.9), p 0.47 |   -0.5 (-6.9 to 5.9), p 0.5 |
| could have been shown |     2 |                        51.6 |                        51.6 |
)");
}

// Alone the student has 0.65 and 0.56: that teacher has more of the first only.
TEST(Comparison, ATeacherNoBetterThanTheStudentAloneIsSaid) {
  std::vector<Record> records = TwoSeeds();
  records.back() = Simulate(OneRun("hateful_memes", "teacher", 0, 0.66, 0.55));
  const Table main = Compared(records).main;
  EXPECT_THAT(main.rows[0][2].notes, testing::IsEmpty());
  ASSERT_THAT(main.rows[0][3].notes, testing::SizeIs(1));
  EXPECT_EQ(main.footnotes[main.rows[0][3].notes[0]],
            "not better than the mean of student alone: there may be little "
            "to distil from it");
  // Where lower is better, it is the other column.
  for (Record& record : records) {
    for (RecordMetric& metric : record.metrics) metric.higher_is_better = false;
  }
  const Table lower = Compared(records).main;
  EXPECT_THAT(lower.rows[0][2].notes, testing::SizeIs(1));
  EXPECT_THAT(lower.rows[0][3].notes, testing::IsEmpty());
  // Nothing to compare with.
  records.erase(records.begin() + 4, records.begin() + 6);
  EXPECT_THAT(Compared(records).main.rows[0][3].notes, testing::IsEmpty());
}

TEST(Comparison, ViewsHandWorked) {
  const Comparison comparison = Compared(TwoSeeds());
  ASSERT_EQ(comparison.views.size(), 1u);
  EXPECT_EQ(RenderMarkdown(comparison.views[0]),
            R"(## Hateful Memes: AUROC by view

Test split, in percent. The same model sees both modalities, only the text, or only the image.

| Method              | Seeds | Multimodal |       Text |      Image |
| ------------------- | ----: | ---------: | ---------: | ---------: |
| teacher             |     1 |       80.0 |       70.0 |       60.0 |
| student alone       |     2 | 65.0 ± 0.0 | 55.0 ± 0.0 | 45.0 ± 0.0 |
| kd                  |     2 | 71.0 ± 1.4 | 61.0 ± 1.4 | 51.0 ± 1.4 |
| msd                 |     2 | 72.5 ± 0.7 | 62.5 ± 0.7 | 52.5 ± 0.7 |
| constant prediction |     - |       50.0 |       50.0 |       50.0 |
)");
}

TEST(Comparison, CostHandWorked) {
  std::vector<Record> records = TwoSeeds();
  records[1].training_s = 110;  // kd: 100 and 110
  records[2].training_s.reset();
  EXPECT_EQ(RenderMarkdown(Compared(records).cost), R"(## Cost

Mean ± sample standard deviation over the seeds. Own memory: the most that the tensors a run made held at one time, beside the data, the teacher and other runs of the process.

| Data set      | Method        | Seeds | Parameters (M) | Training (s) |  Examples/s | Own memory (MiB) |
| ------------- | ------------- | ----: | -------------: | -----------: | ----------: | ---------------: |
| Hateful Memes | teacher       |     1 |         109.48 |        100.0 |       800.0 |            512.2 |
| Hateful Memes | student alone |     2 |          14.35 |  100.0 ± 0.0 | 800.0 ± 0.0 |      512.2 ± 0.0 |
| Hateful Memes | kd            |     2 |          14.35 |  105.0 ± 7.1 | 800.0 ± 0.0 |      512.2 ± 0.0 |
| Hateful Memes | msd           |   1-2 |          14.35 | 100.0 [1, 2] | 800.0 ± 0.0 |      512.2 ± 0.0 |

- [1] seed 1: not measured
- [2] n = 1
)");
}

// The cell and its footnotes as they are read: "71.0 [n = 1; not run]".
std::string Shown(const Table& table, std::size_t row, std::size_t column) {
  const Cell& cell = table.rows.at(row).at(column);
  std::string notes;
  for (std::size_t note : cell.notes) {
    notes += (notes.empty() ? " [" : "; ") + table.footnotes.at(note);
  }
  return cell.text + notes + (notes.empty() ? "" : "]");
}

TEST(Comparison, CellsKeepTheRunsBehindThem) {
  const Comparison comparison = Compared(TwoSeeds());
  const std::string kd1 = "hateful_memes/kd/seed-1/record.json";
  const std::string kd2 = "hateful_memes/kd/seed-2/record.json";
  const std::string msd1 = "hateful_memes/msd/seed-1/record.json";
  const std::string msd2 = "hateful_memes/msd/seed-2/record.json";
  EXPECT_THAT(comparison.main.rows[2][2].records, ElementsAre(kd1, kd2));
  EXPECT_THAT(comparison.main.rows[2][3].records, ElementsAre(kd1, kd2));
  EXPECT_THAT(comparison.differences.rows[1][2].records,
              ElementsAre(msd1, msd2, kd1, kd2));
  EXPECT_THAT(comparison.views[0].rows[3][4].records, ElementsAre(msd1, msd2));
  EXPECT_THAT(comparison.cost.rows[3][4].records, ElementsAre(msd1, msd2));
}

TEST(Comparison, OneSeedShowsNoSpread) {
  const Comparison comparison =
      Compared({Simulate(OneRun("mm_imdb", "kd", 1, 0.70, 0.60)),
                Simulate(OneRun("mm_imdb", "msd", 1, 0.72, 0.60))});
  EXPECT_EQ(Shown(comparison.main, 0, 2), "70.0");
  EXPECT_EQ(Shown(comparison.main, 1, 2), "72.0 (+2.0)");
  EXPECT_EQ(Shown(comparison.main, 1, 3), "60.0 (0.0)");
  EXPECT_EQ(Shown(comparison.differences, 0, 2), "+2.0");
}

TEST(Comparison, UnequalSeedsAreComparedOverTheCommonOnes) {
  // Common seeds 2 and 3: differences +0.03 and +0.01.
  const Comparison comparison =
      Compared({Simulate(OneRun("mm_imdb", "at", 9, 0.90, 0.5)),
                Simulate(OneRun("mm_imdb", "kd", 1, 0.10, 0.5)),
                Simulate(OneRun("mm_imdb", "kd", 2, 0.70, 0.5)),
                Simulate(OneRun("mm_imdb", "kd", 3, 0.72, 0.5)),
                Simulate(OneRun("mm_imdb", "msd", 2, 0.73, 0.5)),
                Simulate(OneRun("mm_imdb", "msd", 3, 0.73, 0.5))});
  EXPECT_EQ(Shown(comparison.main, 1, 2), "90.0 [no seed in common with kd]");
  EXPECT_EQ(Shown(comparison.main, 2, 2),
            "73.0 ± 0.0 (+2.0) [difference over 2 common seeds: 2 here, 3 of "
            "kd]");
  EXPECT_EQ(comparison.main.rows[2][1].text, "2");
  EXPECT_EQ(Shown(comparison.differences, 0, 2),
            "- [no seed in common with kd]");
  EXPECT_EQ(
      Shown(comparison.differences, 1, 2),
      "+2.0 (-10.7 to 14.7), p 0.59 [difference over 2 common seeds: 2 here, "
      "3 of kd]");
}

TEST(Comparison, FailedRunsAreShown) {
  const Comparison comparison = Compared(
      {Simulate(OneRun("mm_imdb", "kd", 1, 0.70, 0.5)),
       SimulateFailure(OneRun("mm_imdb", "kd", 2, 0, 0), "out of memory"),
       SimulateFailure(OneRun("mm_imdb", "msd", 1, 0, 0), "loss is nan"),
       SimulateFailure(OneRun("mm_imdb", "msd", 2, 0, 0), "loss is nan"),
       SimulateFailure(OneRun("vqa_v2", "kd", 1, 0, 0), "no image 7.jpg")});
  EXPECT_EQ(Shown(comparison.main, 0, 2),
            "70.0, failed (1 of 2) [seed 2 failed: out of memory]");
  EXPECT_EQ(Shown(comparison.main, 1, 2),
            "failed (2 of 2) [seeds 1, 2 failed: loss is nan]");
  EXPECT_EQ(comparison.main.rows[1][1].text, "0");
  EXPECT_EQ(comparison.main.rows[1][2].records.size(), 2u);
  // A data set of which no run came through still has its column.
  EXPECT_EQ(comparison.main.columns[4].title, "VQA v2");
  EXPECT_EQ(Shown(comparison.main, 0, 4),
            "failed (1 of 1) [seed 1 failed: no image 7.jpg]");
  EXPECT_EQ(Shown(comparison.main, 1, 4), "- [not run]");
  EXPECT_EQ(Shown(comparison.differences, 0, 2), "- [no value of its own]");
}

TEST(Comparison, ADifferenceStandsBeforeTheFailure) {
  const Comparison comparison =
      Compared({Simulate(OneRun("mm_imdb", "kd", 1, 0.70, 0.5)),
                Simulate(OneRun("mm_imdb", "msd", 1, 0.71, 0.5)),
                SimulateFailure(OneRun("mm_imdb", "msd", 2, 0, 0), "x")});
  EXPECT_EQ(Shown(comparison.main, 1, 2),
            "71.0 (+1.0), failed (1 of 2) [seed 2 failed: x]");
}

TEST(Comparison, UndefinedMetricsSayWhy) {
  Json json = SimulatedRecord(OneRun("mm_imdb", "kd", 2, 0.9, 0.5));
  SetMetric(json, "/results/test/multimodal/roc_auc", std::nan(""),
            "only one class");
  SetMetric(json, "/dataset/floor/test/roc_auc", std::nan(""), "no class");
  const Comparison all = Compared({ParseRecord(json, "b")});
  EXPECT_EQ(Shown(all.main, 0, 2),
            "undefined [seed 2 undefined: only one class]");
  EXPECT_EQ(Shown(all.main, 0, 3), "50.0");
  EXPECT_EQ(Shown(all.views[0], 1, 2), "- [undefined: no class]");

  const Comparison some = Compared(
      {Simulate(OneRun("mm_imdb", "kd", 1, 0.7, 0.5)), ParseRecord(json, "b")});
  EXPECT_EQ(Shown(some.main, 0, 2),
            "70.0 [seed 2 undefined: only one class; n = 1]");
  EXPECT_EQ(Shown(some.main, 0, 3), "50.0 ± 0.0");
  EXPECT_EQ(some.main.rows[0][1].text, "1-2");
}

TEST(Comparison, DataSetsSideBySideWithTwoMetricsEach) {
  Simulated three = OneRun("mm_imdb", "kd", 1, 0.7, 0.5);
  three.metrics = {{"micro_f1", 0.6}, {"macro_f1", 0.4}, {"samples_f1", 0.5}};
  const Comparison comparison =
      Compared({Simulate(OneRun("hateful_memes", "kd", 1, 0.7, 0.5)),
                Simulate(three), Simulate(OneRun("mine", "msd", 1, 0.7, 0.5))});
  std::vector<std::string> titles;
  for (const auto& column : comparison.main.columns) {
    titles.push_back(column.title);
  }
  EXPECT_THAT(titles,
              ElementsAre("Method", "Seeds", "Hateful Memes / AUROC",
                          "Hateful Memes / acc", "MM-IMDB / micro F1",
                          "MM-IMDB / macro F1", "mine / AUROC", "mine / acc"));
  EXPECT_EQ(Shown(comparison.main, 1, 2), "- [not run]");
  EXPECT_EQ(Shown(comparison.main, 1, 6), "70.0");
  EXPECT_EQ(Shown(comparison.differences, 0, 6), "- [no value of kd]");
}

TEST(Comparison, TwoDecimalsAndNoSignedZero) {
  ComparisonOptions options;
  options.decimals = 2;
  const std::vector<Record> records = {
      Simulate(OneRun("mm_imdb", "kd", 1, 0.71236, 0.50004)),
      Simulate(OneRun("mm_imdb", "msd", 1, 0.71249, 0.5))};
  EXPECT_EQ(Shown(Compared(records, options).main, 1, 2), "71.25 (+0.01)");
  EXPECT_EQ(Shown(Compared(records).main, 1, 2), "71.2 (0.0)");
  EXPECT_EQ(Shown(Compared(records).main, 1, 3), "50.0 (0.0)");
}

TEST(Comparison, LowerIsBetterIsSaid) {
  Json json = SimulatedRecord(OneRun("mm_imdb", "kd", 1, 0.7, 0.5));
  json["metrics"][0]["higher_is_better"] = false;
  EXPECT_EQ(Compared({ParseRecord(json, "")}).main.columns[2].title,
            "MM-IMDB / AUROC (lower is better)");
}

TEST(Comparison, TheReferenceCanBeChosen) {
  ComparisonOptions options;
  options.reference = "none";
  const Comparison comparison = Compared(TwoSeeds(), options);
  EXPECT_EQ(Shown(comparison.main, 1, 2), "65.0 ± 0.0");
  EXPECT_EQ(Shown(comparison.main, 2, 2), "71.0 ± 1.4 (+6.0)");
  EXPECT_EQ(comparison.differences.title, "Difference to none");
  options.reference = "mds";
  EXPECT_EQ(ErrorOf([&] { Compared(TwoSeeds(), options); }),
            "no record of the method \"mds\" to take differences to; allowed: "
            "none, kd, msd");
}

TEST(Comparison, WithoutKdThereAreNoDifferences) {
  const Comparison comparison =
      Compared({Simulate(OneRun("mm_imdb", "msd", 1, 0.7, 0.5))});
  EXPECT_EQ(Shown(comparison.main, 0, 2), "70.0");
  EXPECT_TRUE(comparison.differences.rows.empty());
  EXPECT_EQ(comparison.main.caption.find("brackets"), std::string::npos);
}

TEST(Comparison, BothMainTablesTestTheSameFamily) {
  const Comparison comparison = Compared(TwoSeeds());
  EXPECT_EQ(comparison.brief.columns.size(), 3u);
  EXPECT_EQ(Shown(comparison.brief, 3, 2), Shown(comparison.main, 3, 2));
  EXPECT_EQ(comparison.brief.legend, comparison.main.legend);
  EXPECT_THAT(comparison.brief.legend, HasSubstr("report's 4 differences"));
}

TEST(Comparison, NoTestMeansNoClaimAndSaysWhy) {
  std::vector<Record> records;
  for (std::uint64_t seed : {1, 2, 3}) {
    const double value = 0.6 + 0.01 * static_cast<double>(seed);
    records.push_back(Simulate(OneRun("mm_imdb", "kd", seed, value, value)));
    records.push_back(
        Simulate(OneRun("mm_imdb", "msd", seed, value + 0.1, value)));
  }
  const Comparison comparison = Compared(records);
  EXPECT_EQ(Shown(comparison.main, 1, 2), "72.0 ± 1.0 (+10.0)");
  EXPECT_EQ(Shown(comparison.differences, 0, 2),
            "+10.0 [the same difference on every seed: no t-test, no claim]");
  EXPECT_EQ(Shown(comparison.differences, 0, 3), "0.0, p 1");
  // Nor does it say what could have been shown.
  EXPECT_EQ(comparison.differences.rows.size(), 1u);
  EXPECT_EQ(comparison.differences.footnotes.size(), 1u);
}

TEST(LongForm, PValuesOfEveryDifferenceAdjustedOnesOfTheFamily) {
  // The rows of msd in the first metric, by split and view.
  std::map<std::string, std::pair<std::string, std::string>> p;
  for (const auto& row : Compared(TwoSeeds()).long_form.rows) {
    if (row[4].text != "msd" || row[1].text != "roc_auc") continue;
    p[row[2].text + " " + row[3].text] = {row[12].text, row[13].text};
  }
  ASSERT_EQ(p.size(), 9u);
  for (const auto& [place, values] : p) {
    EXPECT_NEAR(std::stod(values.first), 0.2048, 5e-5) << place;
    if (place == "test multimodal") {
      EXPECT_NEAR(std::stod(values.second), 0.4679, 5e-5);
    } else {
      EXPECT_EQ(values.second, "") << place;
    }
  }
}

// The numbers behind DifferencesHandWorked; of kd, 0.71 ± 12.706 * 0.01.
TEST(LongForm, IntervalsAndWhatCouldHaveBeenShown) {
  const auto row = [](const char* method, const char* split) {
    std::vector<double> numbers;
    for (const auto& cells : Compared(TwoSeeds()).long_form.rows) {
      if (cells[4].text != method || cells[1].text != "roc_auc" ||
          cells[2].text != split || cells[3].text != "multimodal") {
        continue;
      }
      for (std::size_t i = 16; i < 21; ++i) {
        numbers.push_back(cells[i].text.empty() ? -1
                                                : std::stod(cells[i].text));
      }
    }
    return numbers;
  };
  using testing::DoubleNear;
  using testing::Pointwise;
  EXPECT_THAT(row("kd", "test"),
              Pointwise(DoubleNear(5e-5), {0.5829, 0.8371, -1.0, -1.0, -1.0}));
  EXPECT_THAT(
      row("msd", "test"),
      Pointwise(DoubleNear(5e-5), {0.6615, 0.7885, -0.0485, 0.0785, 0.5160}));
  // The dev split is outside the family.
  EXPECT_THAT(
      row("msd", "dev"),
      Pointwise(DoubleNear(5e-5), {0.6715, 0.7985, -0.0485, 0.0785, -1.0}));
}

TEST(LongForm, UnroundedWithTheRunsBehind) {
  // Binary fractions, so that every mean is exact.
  const std::string csv = RenderCsv(
      Compared({Simulate(OneRun("mm_imdb", "kd", 1, 0.50, 0.5)),
                Simulate(OneRun("mm_imdb", "kd", 2, 0.75, 0.5)),
                Simulate(OneRun("mm_imdb", "msd", 1, 0.625, 0.5)),
                SimulateFailure(OneRun("mm_imdb", "msd", 2, 0, 0), "x")})
          .long_form);
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "dataset,metric,split,view,method,n,failed,mean,sd,delta_kd,"
            "delta_kd_sd,delta_kd_n,p,p_holm,unit,records,ci_low,ci_high,"
            "delta_kd_ci_low,delta_kd_ci_high,detectable,note");
  // sd = 0.25 / sqrt(2).
  EXPECT_THAT(csv,
              HasSubstr("\nmm_imdb,roc_auc,test,multimodal,kd,2,0,0.625,"
                        "0.1767766952966369,,,,,,fraction,mm_imdb/kd/seed-1/"
                        "record.json;mm_imdb/kd/seed-2/record.json,-0.96"));
  EXPECT_THAT(csv,
              HasSubstr("\nmm_imdb,roc_auc,test,multimodal,msd,1,1,0.625,,"
                        "0.125,,1,,,fraction,mm_imdb/msd/seed-1/record.json;"
                        "mm_imdb/msd/seed-2/record.json,,,,,,\n"));
  EXPECT_THAT(csv, HasSubstr("\nmm_imdb,training_s,,,kd,2,0,100,0,,,,,,s,"));
  EXPECT_THAT(csv, HasSubstr("\nmm_imdb,accuracy,test,,constant prediction,,,"
                             "0.5,,,,,,,fraction,mm_imdb/kd/seed-1/"));
  // 2 metrics x 3 splits x 3 views x 2 methods, 2 x 2 floors, 5 costs x 2.
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 36 + 4 + 10);
}

}  // namespace
}  // namespace msdbench
