#include "reports/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/render_csv.h"
#include "reports/render_markdown.h"

namespace msdbench {
namespace {

Cell Text(const std::string& text) { return {text, {}, {}}; }

Table SmallTable() {
  Table table;
  table.title = "Scores";
  table.caption = "In percent.";
  table.columns = {{"Method", false}, {"snli_ve / acc"}, {"x"}};
  table.rows = {{Text("a|b"), Text("71.3 ± 0.8"), Text("1")},
                {Text("日本"), Text("9.0"), Text("-")}};
  table.Annotate(table.rows[1][2], "not run");
  return table;
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("1 ± 2"), 5u);      // two bytes
  EXPECT_EQ(DisplayWidth("→"), 1u);          // three bytes
  EXPECT_EQ(DisplayWidth("日本"), 4u);       // wide
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);    // combining accent
  EXPECT_EQ(DisplayWidth("😀"), 2u);          // four bytes, wide
  EXPECT_EQ(DisplayWidth("a\xff\xc3"), 3u);  // not UTF-8: no crash
}

TEST(Table, EqualNotesShareAFootnote) {
  Table table;
  Cell a, b;
  table.Annotate(a, "not run");
  table.Annotate(b, "n = 2");
  table.Annotate(b, "not run");
  table.Annotate(b, "not run");
  EXPECT_EQ(table.footnotes, (std::vector<std::string>{"not run", "n = 2"}));
  EXPECT_EQ(a.notes, (std::vector<std::size_t>{0}));
  EXPECT_EQ(b.notes, (std::vector<std::size_t>{1, 0}));
}

TEST(RenderMarkdown, PadsToEqualWidth) {
  EXPECT_EQ(RenderMarkdown(SmallTable(), 3),
            "### Scores\n"
            "\n"
            "In percent.\n"
            "\n"
            "| Method | snli_ve / acc |     x |\n"
            "| ------ | ------------: | ----: |\n"
            "| a\\|b   |    71.3 ± 0.8 |     1 |\n"
            "| 日本   |           9.0 | - [1] |\n"
            "\n"
            "- [1] not run\n");
}

TEST(RenderMarkdown, TheLegendStandsBelowTheRows) {
  Table table = SmallTable();
  table.legend = "a|b";
  EXPECT_THAT(RenderMarkdown(table),
              testing::EndsWith(" |\n\na\\|b\n\n- [1] not run\n"));
}

TEST(RenderMarkdown, NarrowColumnsAndNoTitle) {
  Table table;
  table.columns = {{"a", false}, {"b"}};
  table.rows = {{Text("1"), Text("2")}};
  EXPECT_EQ(RenderMarkdown(table),
            "| a   |   b |\n"
            "| --- | --: |\n"
            "| 1   |   2 |\n");
}

TEST(RenderMarkdown, RanksMarkTheNumberAlone) {
  Table table = SmallTable();
  table.rows[0][1].rank = Rank::kBest;
  table.rows[1][1].rank = Rank::kSecond;
  table.ranks = "what they mean.";
  const std::string text = RenderMarkdown(table);
  EXPECT_THAT(text, testing::HasSubstr("| **71.3** ± 0.8 |"));
  EXPECT_THAT(text, testing::HasSubstr("|          _9.0_ |"));
  EXPECT_THAT(text,
              testing::HasSubstr("\n**Bold** and _italic_: what they mean.\n"));
}

TEST(SplitHeader, NumberColumnsOfOneDataSetStandTogether) {
  const auto header = SplitHeader(
      {{"a / b", false}, {"n"}, {"A / x / y"}, {"A / z"}, {"B / x"}});
  EXPECT_EQ(header[0].title, "a / b");
  EXPECT_EQ(header[0].group, "");
  EXPECT_EQ(header[2].group, "A");
  EXPECT_EQ(header[2].title, "x / y");
  EXPECT_EQ(GroupWidth(header, 0), 1u);
  EXPECT_EQ(GroupWidth(header, 1), 1u);
  EXPECT_EQ(GroupWidth(header, 2), 2u);
  EXPECT_EQ(GroupWidth(header, 4), 1u);
}

TEST(EscapeMarkdown, MarkupBecomesText) {
  EXPECT_EQ(EscapeMarkdown("a|b<br>*c*`d`\\"), "a\\|b\\<br>\\*c\\*\\`d\\`\\\\");
  EXPECT_EQ(EscapeMarkdown("two\nlines"), "two lines");
  EXPECT_EQ(EscapeMarkdown("snli_ve __init__"), "snli_ve \\_\\_init\\_\\_");
  EXPECT_EQ(EscapeMarkdown("71.3 ± 0.8"), "71.3 ± 0.8");
  // Marks that cannot begin emphasis; what could is escaped.
  EXPECT_EQ(EscapeMarkdown("1 (+1.5*), +2.0*"), "1 (+1.5*), +2.0*");
  EXPECT_EQ(EscapeMarkdown("marked * are"), "marked * are");
  EXPECT_EQ(EscapeMarkdown("* a, *b 2*c d*"), "\\* a, \\*b 2\\*c d\\*");
}

TEST(RenderRecords, ColumnsWithTheSameRunsShareAnItem) {
  Table table;
  table.columns = {{"Method", false}, {"a"}, {"b"}, {"c"}};
  table.rows = {{Text("kd"), Text("1"), Text("2"), Text("3")}};
  table.rows[0][1].records = {"x_/1", "x_/2"};
  table.rows[0][2].records = {"x_/1", "x_/2"};
  table.rows[0][3].records = {"y/1"};
  EXPECT_EQ(RenderRecords(table),
            "- kd / a, b: x\\_/1, x\\_/2\n"
            "- kd / c: y/1\n");
}

TEST(RenderCsv, QuotesWhatNeedsIt) {
  Table table;
  table.columns = {{"name"}, {"a,b"}};
  table.rows = {{Text("say \"x\""), Text("plain")},
                {Text("two\nlines"), Text("")},
                {Text("a|b ± c"), Text("1;2")}};
  EXPECT_EQ(RenderCsv(table),
            "name,\"a,b\"\n"
            "\"say \"\"x\"\"\",plain\n"
            "\"two\nlines\",\n"
            "a|b ± c,1;2\n");
}

}  // namespace
}  // namespace msdbench
