#include "reports/render_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/random.h"
#include "tests/reports/html_checker.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(EscapeHtml, RandomTextStaysTextInElementsAndAttributes) {
  Random random(1, "escape-html");
  const std::string alphabet = "<>&\"'=/ ;abz#&lt;-!";
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (int c = 0; c <= i % 30; ++c) {
      text += alphabet[random.Below(alphabet.size())];
    }
    const std::string escaped = EscapeHtml(text);
    const HtmlDocument document =
        ReadHtml("<p title=\"" + escaped + "\">" + escaped + "</p>");
    ASSERT_THAT(document.problems, IsEmpty()) << escaped;
    ASSERT_EQ(document.elements.size(), 1u) << escaped;
    ASSERT_EQ(UnescapedHtml(document.elements[0].text), text);
    ASSERT_EQ(UnescapedHtml(document.elements[0].attributes.at("title")), text);
  }
}

TEST(EscapeHtml, AlwaysValidUtf8WithoutControlCharacters) {
  EXPECT_EQ(EscapeHtml("日本 ± é"), "日本 ± é");
  EXPECT_EQ(EscapeHtml("a\xff\xc3"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(EscapeHtml(std::string("a\0b\x1b\n", 5)), "a b  ");
}

TEST(RenderHtml, ATableOfAllParts) {
  Table table;
  table.title = "Scores";
  table.caption = "In percent.";
  table.legend = "Less is <more>.";
  table.ranks = "ranks.";
  table.columns = {{"Method", false}, {"Seeds"}, {"A / x"}, {"A / y"}};
  table.rows.emplace_back();
  for (const char* text : {"kd", "3", "71.3 ± 0.8", "-"}) {
    table.rows[0].push_back({text, {}, {}});
  }
  table.rows[0][2].rank = Rank::kBest;
  table.rows[0][2].records = {"a/record.json"};
  table.Annotate(table.rows[0][3], "not run");
  const std::string html = RenderHtml(table, "t", [](const Cell& cell) {
    return cell.records.empty() ? "" : "#t";
  });
  EXPECT_EQ(
      html,
      R"(<div class="scroll" role="region" tabindex="0" aria-labelledby="t-caption">
<table id="t">
<caption id="t-caption"><span>In percent.</span></caption>
<colgroup span="1"></colgroup><colgroup span="1"></colgroup><colgroup span="2"></colgroup>
<thead>
<tr><th scope="col" rowspan="2">Method</th><th scope="col" rowspan="2" class="n">Seeds</th><th scope="colgroup" colspan="2">A</th></tr>
<tr><th scope="col" class="n">x</th><th scope="col" class="n">y</th></tr>
</thead>
<tbody>
<tr><th scope="row">kd</th><td class="n">3</td><td class="n"><a href="#t"><strong>71.3</strong> ± 0.8</a></td><td class="n">-<sup><a href="#t-note-1" aria-label="note 1">1</a></sup></td></tr>
</tbody>
</table>
</div>
<p class="legend">Less is &lt;more&gt;.</p>
<p class="legend"><strong>Bold</strong> and <u>underlined</u>: ranks.</p>
<ol class="notes">
<li id="t-note-1">not run</li>
</ol>
)");
  EXPECT_THAT(ReadHtml(html).problems, IsEmpty());
}

// The checker itself must see what it is there for.
TEST(ReadHtml, FindsFaults) {
  EXPECT_THAT(ReadHtml("<a><b></a></b>").problems,
              Contains(HasSubstr("</a> closes <b>")));
  EXPECT_THAT(ReadHtml("<p id=\"a\"></p><p id=\"a\"></p>").problems,
              ElementsAre("id a is given twice"));
  EXPECT_THAT(ReadHtml("<a href=\"#x\">y</a>").problems,
              ElementsAre("nothing has the id of #x"));
  EXPECT_THAT(ReadHtml("<img src=\"http://x\"/>").problems,
              ElementsAre("<img> loads http://x"));
  EXPECT_THAT(ReadHtml("<p>").problems, ElementsAre("<p> is not closed"));
  EXPECT_THAT(ReadHtml("1 > 2").problems, ElementsAre("a bare > in text"));
}

}  // namespace
}  // namespace msdbench
