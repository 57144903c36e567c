// What a report does where a folder holds records of more than one plan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/baseline.h"
#include "reports/comparison.h"
#include "reports/folder_comparison.h"
#include "reports/gate.h"
#include "reports/record_store.h"
#include "reports/report.h"
#include "tests/reports/html_checker.h"
#include "tests/reports/plan_records.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

void ManyEpochs(Json& json) {
  json["config"]["student"]["training"]["epochs"] = 120;
  json["config_changes"]["student"]["training"]["epochs"] = 120;
}

// A suite whose kd ran again with more epochs: the student alone looks 30
// points worse than it, which says nothing of kd.
std::vector<Json> Mixed() {
  return PlanRecords("teacher", 0.9) + PlanRecords("none", 0.6, 1) +
         PlanRecords("msd", 0.65, 2) + PlanRecords("kd", 0.95, 9, ManyEpochs);
}

void Write(const std::filesystem::path& store, const std::vector<Json>& all) {
  for (const Json& json : all) {
    WriteRecord(RecordFile(store, json["dataset"]["name"].get<std::string>(),
                           json["method"]["name"].get<std::string>(),
                           json["seed"].get<std::uint64_t>()),
                json);
  }
}

// The row of a Markdown table that begins with `title`.
std::string Row(const std::string& text, const std::string& title) {
  const std::size_t begin = text.find("| " + title + " ");
  return begin == std::string::npos
             ? ""
             : text.substr(begin, text.find('\n', begin) - begin);
}

TEST(MixedReport, ShowsTheNewestPlanAndClaimsNothingAgainstTheOthers) {
  const std::string text = MarkdownReport(Parsed(Mixed()), {});
  EXPECT_THAT(Row(text, "student alone"), HasSubstr(" - [1] "));
  EXPECT_THAT(Row(text, "msd"), HasSubstr(" - [1] "));
  EXPECT_THAT(Row(text, "kd"), HasSubstr("95.2"));
  EXPECT_THAT(Row(text, "teacher"), HasSubstr("90.0"));
  EXPECT_THAT(text, HasSubstr("- [1] 5 runs of another plan left out"));
  EXPECT_THAT(text, Not(HasSubstr("*)")));
  // Told before the tables.
  const std::size_t told = text.find("/student/training/epochs: 1 there, 120 ");
  ASSERT_NE(told, std::string::npos);
  EXPECT_LT(told, text.find("## Test results"));
  EXPECT_THAT(text, HasSubstr("- runs: 6, of which failed: 0\n"));
}

TEST(MixedReport, TheOlderPlanCanBeChosen) {
  const std::vector<Record> records = Parsed(Mixed());
  const Plans plans(records, {});
  ASSERT_THAT(plans.all(), SizeIs(2));
  ComparisonOptions options;
  options.reference = "none";
  const std::string text =
      MarkdownReport(records, {}, options, {plans.all()[1].hash.substr(0, 8)});
  EXPECT_THAT(Row(text, "msd"), HasSubstr("65.2"));
  // Within one plan a claim is one.
  EXPECT_THAT(Row(text, "msd"), HasSubstr("(+5.0*)"));
  EXPECT_THAT(Row(text, "kd"), HasSubstr(" - [1] "));
  EXPECT_THAT(text, HasSubstr("/student/training/epochs: 120 there, 1 in the"));
}

// Whatever the other setting is, no number of one plan stands beside one of
// the other, nor in its mean.
TEST(MixedReport, NoMarkAndNoMeanAcrossPlans) {
  const Change kChanges[] = {
      ManyEpochs,
      [](Json& json) {
        json["suite"]["hash"] = FakeHash('9');
        json["suite"]["distillation"]["temperature"] = 8.0;
        json["method"]["options"]["temperature"] = 8.0;
        json["config"]["method"]["options"]["temperature"] = 8.0;
      },
      [](Json& json) { json["dataset"]["fingerprint"] = FakeHash('9'); },
      [](Json& json) { json["teacher"]["hash"] = FakeHash('9'); },
      [](Json& json) { json["code"]["numerics"] = 2; }};
  for (const Change& change : kChanges) {
    // One method of another plan, then two seeds of one.
    const auto whole = PlanRecords("none", 0.6) + PlanRecords("kd", 0.7);
    for (const auto& records :
         {Parsed(whole + PlanRecords("msd", 0.9, 9, change)),
          Parsed(whole + PlanRecords("msd", 0.9) +
                 std::vector<Json>{PlanRecord("msd", 6, 0.1, 9, change),
                                   PlanRecord("msd", 7, 0.1, 9, change)})}) {
      const RunMatrix matrix(records);
      const Comparison comparison = Compare(matrix);
      EXPECT_FALSE(matrix.plans().lines().empty());
      for (const Table* table : {&comparison.main, &comparison.brief,
                                 &comparison.differences, &comparison.cost}) {
        EXPECT_THAT(table->legend, HasSubstr("left out here")) << table->title;
        for (const auto& row : table->rows) {
          for (const Cell& cell : row) {
            EXPECT_THAT(cell.text, Not(HasSubstr("*"))) << table->title;
          }
        }
      }
      for (const auto& row : comparison.main.rows) {
        if (row[0].text != "msd") continue;
        EXPECT_THAT(row[2].text, AnyOf(StartsWith("90.2"), StartsWith("10.0")));
      }
      EXPECT_THAT(comparison.across.datasets, Not(IsEmpty()));
    }
  }
}

TEST(MixedReport, EveryFormatTellsItFirst) {
  const TestFolder folder;
  Write(folder.path(), Mixed());
  ReportNotes notes;
  const std::string main = WriteReport(folder.path(), folder / "report",
                                       ReportFormats(), {}, {}, &notes);
  EXPECT_THAT(notes.plans, SizeIs(1));
  EXPECT_TRUE(notes.plan_is_open);
  EXPECT_THAT(notes.problems, IsEmpty());
  EXPECT_THAT(main, HasSubstr("10 runs of other settings"));
  const auto text = [&](const char* format) {
    return ReadTextFile(folder / "report" / ("report." + std::string(format)));
  };
  const std::string md = text("md"), tex = text("tex"), html = text("html"),
                    csv = text("csv");
  EXPECT_LT(md.find("/student/training/epochs"), md.find("## Test results"));
  EXPECT_LT(tex.find("/student/training/epochs"), tex.find("\\begin{table}"));
  // Outside comments: a reader of the paper sees it.
  EXPECT_THAT(tex, HasSubstr("\n\\noindent hateful\\_memes: 10 runs"));
  EXPECT_LT(html.find("/student/training/epochs"), html.find("<main"));
  EXPECT_THAT(html.substr(0, html.find("</head>")),
              HasSubstr("(records left out)"));
  EXPECT_THAT(ReadHtml(html).problems, IsEmpty());
  // The first lines of values; a machine reads them, too.
  EXPECT_THAT(csv.substr(csv.find('\n') + 1),
              StartsWith("hateful_memes,left_out,,,msd,5,,"));
  EXPECT_THAT(csv, HasSubstr("/student/training/epochs: 1 there"));
  EXPECT_THAT(csv, Not(HasSubstr("accuracy,test,multimodal,none")));
}

TEST(MixedReport, SaysNothingWherePlansAreOne) {
  const TestFolder folder;
  auto records = WholePlan();
  // Another day's seeds, from a suite with more of them.
  const auto more = [](Json& json) {
    json["suite"]["hash"] = FakeHash('9');
    json["config_hash"] = FakeHash('8');
    json["config"]["student"]["later"] = false;  // an option's default
  };
  for (const char* method : {"none", "kd", "msd"}) {
    records.push_back(PlanRecord(method, 6, 0.7, 30, more));
  }
  Write(folder.path(), records);
  ReportNotes notes;
  WriteReport(folder.path(), folder / "report", ReportFormats(), {}, {},
              &notes);
  EXPECT_THAT(notes.plans, IsEmpty());
  EXPECT_FALSE(notes.plan_is_open);
  for (const std::string& format : ReportFormats()) {
    EXPECT_THAT(ReadTextFile(folder / "report" / ("report." + format)),
                Not(HasSubstr("left out")))
        << format;
  }
}

TEST(MixedReport, AnotherDeviceIsANoteAndStays) {
  const std::vector<Record> records =
      Parsed(WholePlan() +
             std::vector<Json>{PlanRecord("kd", 6, 0.7, 9, [](Json& json) {
               json["config"]["device"] = "cuda";
             })});
  const RunMatrix matrix(records);
  EXPECT_THAT(matrix.problems(), IsEmpty());
  EXPECT_THAT(matrix.notes(), ElementsAre(AllOf(HasSubstr("cpu (16 runs)"),
                                                HasSubstr("cuda (1 runs)"))));
  EXPECT_THAT(MarkdownReport(records, {}),
              HasSubstr("runs of one plan on different devices"));
}

TEST(MixedReport, ABaselineIsRefusedAndACheckFails) {
  const std::vector<Record> whole = Parsed(WholePlan());
  const Baseline baseline = MakeBaseline(whole, {});
  const auto mixed =
      Parsed(PlanRecords("teacher", 0.9) + PlanRecords("none", 0.6) +
             PlanRecords("kd", 0.95, 9, ManyEpochs));
  EXPECT_THAT(ErrorOf([&] { MakeBaseline(mixed, {}); }),
              HasSubstr("/student/training/epochs: 1 there, 120 in the one"));
  const GateResult result = CheckAgainst(baseline, mixed);
  EXPECT_FALSE(result.passed());
  EXPECT_THAT(result.problems,
              ElementsAre(HasSubstr("/student/training/epochs: 1 there")));
  EXPECT_THAT(CheckAgainst(baseline, whole).problems, IsEmpty());
}

TEST(MixedReport, ComparedFoldersTellTheirPlansAndOptions) {
  const std::vector<Record> whole = Parsed(WholePlan()),
                            mixed = Parsed(Mixed());
  const FolderComparison comparison = CompareFolders(whole, mixed);
  EXPECT_THAT(comparison.notes.at(0),
              AllOf(StartsWith("second: hateful_memes: 10 runs"),
                    HasSubstr("/student/training/epochs: 1 there, 120")));
  for (const FolderCell& cell : comparison.cells) {
    if (cell.method == "kd") {
      EXPECT_THAT(cell.notes,
                  Contains("other configurations: /student/training/epochs: 1 "
                           "in the first, 120 in the second"));
    }
    if (cell.method == "none") {
      EXPECT_FALSE(cell.change);
      EXPECT_THAT(cell.notes,
                  ElementsAre("second: 5 run(s) of another plan left out"));
    }
  }
}

}  // namespace
}  // namespace msdbench
