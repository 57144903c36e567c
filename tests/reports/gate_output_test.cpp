#include "reports/gate_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/render_markdown.h"
#include "tests/reports/gate_runs.h"

namespace msdbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A cell of each kind; "a<b" and "50%" have to survive every format.
GateResult Mixed() {
  const std::vector<double> before = {0.70, 0.71, 0.72, 0.69, 0.70, 0.71};
  Baseline baseline = MakeBaseline(GateRuns("snli_ve", "kd", before) +
                                       GateRuns("snli_ve", "a<b", before) +
                                       GateRuns("snli_ve", "gone", before),
                                   {});
  return CheckAgainst(baseline,
                      GateRuns("snli_ve", "kd", {0.60, 0.61, 0.62}) +
                          GateRuns("snli_ve", "a<b", {0.70, 0.71, 0.725}) +
                          GateRuns("snli_ve", "added", {0.1, 0.2, 0.3}),
                      {"x/record.json: line 1, column 2: 50%\nis broken"});
}

TEST(GateOutput, EachFailureIsOneLineWithBothValues) {
  const auto lines = GateFailures(Mixed());
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], HasSubstr("x/record.json"));
  std::vector<std::string> cells = {lines[1], lines[2]};
  EXPECT_THAT(
      cells,
      testing::UnorderedElementsAre(
          testing::AllOf(HasSubstr("regressed: snli_ve / kd / accuracy: 70.50 "
                                   "-> 61.00 (-9.50 points; p < 0.001 after "
                                   "Holm's correction for 3 cells"),
                         HasSubstr("3 seeds against 6)")),
          HasSubstr("missing: snli_ve / gone / accuracy: no run at all")));
}

TEST(GateOutput, NotesTellWhatMovedAndWhatIsNew) {
  const auto notes = GateNotes(Mixed());
  EXPECT_THAT(notes, testing::Contains(HasSubstr(
                         "moved: snli_ve / a<b / accuracy: equal numbers were "
                         "expected, but seed 3 72.00 -> 72.50 (+0.50)")));
  EXPECT_THAT(notes, testing::Contains(HasSubstr("new: snli_ve / added")));
}

TEST(GateOutput, TheTableHasARowForEveryCell) {
  const Table table = GateTable(Mixed());
  ASSERT_EQ(table.rows.size(), 4u);
  EXPECT_EQ(table.rows.back().back().text, "new");
  EXPECT_EQ(table.rows.back()[4].text, "20.00 ± 10.00 (3)");
  EXPECT_THAT(table.legend, HasSubstr("0.50 points"));
  EXPECT_THAT(RenderMarkdown(table), HasSubstr("regressed"));
}

TEST(GateOutput, EqualRunsShowNoChangeWhateverTheOtherSeedsAre) {
  const auto before = GateRuns("snli_ve", "kd", {0.1, 0.2, 0.9, 0.8});
  const Table table = GateTable(CheckAgainst(
      MakeBaseline(before, {}), GateRuns("snli_ve", "kd", {0.1, 0.2})));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0][5].text, "-");
  EXPECT_EQ(table.rows[0].back().text, "equal");
}

TEST(GateOutput, JsonHasEveryNumberAsAFraction) {
  const Json json = GateJson(Mixed());
  EXPECT_EQ(json["passed"], false);
  EXPECT_EQ(json["family"], 3);
  EXPECT_EQ(json["cells"].size(), 4u);
  for (const Json& cell : json["cells"]) {
    if (cell["method"] == "kd") {
      EXPECT_EQ(cell["verdict"], "regressed");
      EXPECT_NEAR(cell["change"].get<double>(), -0.095, 1e-12);
      EXPECT_EQ(cell["baseline"]["n"], 6);
      EXPECT_EQ(cell["moved"].size(), 3u);
    }
    if (cell["method"] == "gone") {
      EXPECT_TRUE(cell["now"]["mean"].is_null());
    }
  }
  // Nothing that JSON has no word for.
  EXPECT_EQ(Json::parse(json.dump()), json);
}

TEST(GateOutput, JUnitCountsWhatItLists) {
  const std::string xml = GateJUnit(Mixed());
  const auto count = [&](const std::string& text) {
    std::size_t n = 0;
    for (auto at = xml.find(text); at != std::string::npos;
         at = xml.find(text, at + 1)) {
      ++n;
    }
    return n;
  };
  EXPECT_EQ(count("<testcase "), 5u);
  EXPECT_EQ(count("<failure "), 1u);
  EXPECT_EQ(count("<error "), 2u);
  EXPECT_EQ(count("<skipped "), 1u);
  EXPECT_THAT(
      xml, HasSubstr("tests=\"5\" failures=\"1\" errors=\"2\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("a&lt;b"));
  EXPECT_EQ(count("a<b"), 0u);
  EXPECT_EQ(count("column 2: 50% is broken"), 2u);
}

TEST(GateOutput, AnnotationsAreOneEscapedLineEach) {
  const auto lines = GateAnnotations(Mixed());
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0],
            "::error title=msdbench check quick::x/record.json: line 1, column "
            "2: 50%25%0Ais broken");
  EXPECT_THAT(lines[3],
              HasSubstr("::warning title=msdbench check quick::moved"));
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace msdbench
