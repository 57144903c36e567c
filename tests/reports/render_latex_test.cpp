#include "reports/render_latex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "reports/json_file.h"
#include "reports/random.h"
#include "reports/report.h"
#include "tests/reports/report_fixture.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::HasSubstr;

// Reads text as TeX would, without its macros: what each command prints is in
// the table below, written from LaTeX's manual. Fails on whatever would not be
// plain text.
std::string Printed(const std::string& latex) {
  const std::map<std::string, std::string> kCommands = {
      {"textbackslash", "\\"},
      {"textasciicircum", "^"},
      {"textasciitilde", "~"},
      {"textless", "<"},
      {"textgreater", ">"},
      {"textbar", "|"},
      {"textasciigrave", "`"},
      {"textquotesingle", "'"},
      {"textendash", "–"},
      {"textemdash", "—"},
      {"textquoteleft", "‘"},
      {"textquoteright", "’"},
      {"textquotedblleft", "“"},
      {"textquotedblright", "”"},
      {"ldots", "…"},
      {"char", "\""}};
  const std::map<std::string, std::string> kMath = {
      {"$\\pm$", "±"}, {"$\\times$", "×"}, {"$\\rightarrow$", "→"},
      {"$-$", "-"},    {"$\\le$", "≤"},    {"$\\ge$", "≥"}};
  std::string out;
  int depth = 0;
  for (std::size_t i = 0; i < latex.size();) {
    const char c = latex[i];
    if (c == '\\' &&
        std::string("{}#$%&_").find(latex[i + 1]) != std::string::npos) {
      out += latex[i + 1];
      i += 2;
    } else if (c == '\\') {
      std::string name;
      for (++i; std::isalpha(static_cast<unsigned char>(latex[i])) != 0; ++i) {
        name += latex[i];
      }
      if (kCommands.count(name) == 0) return "unknown command " + name;
      out += kCommands.at(name);
      if (name == "char") {
        if (latex.substr(i, 2) != "34") return "unknown character";
        i += 2;
      } else if (latex.compare(i, 2, "{}") == 0) {
        i += 2;
      } else {
        return "a command that takes in what follows it";
      }
    } else if (c == '$') {
      const std::size_t end = latex.find('$', i + 1);
      const auto found = kMath.find(latex.substr(i, end - i + 1));
      if (found == kMath.end()) return "unknown formula";
      out += found->second;
      i = end + 1;
    } else if (c == '{' || c == '}') {
      depth += c == '{' ? 1 : -1;
      if (depth < 0) return "a brace that closes nothing";
      ++i;
    } else if (c == '~') {
      out += "\xC2\xA0";
      ++i;
    } else if (std::string("#%&_^`'\"").find(c) != std::string::npos ||
               static_cast<unsigned char>(c) < 0x20) {
      return std::string("bare ") + c;
    } else if (c == '-' && i + 1 < latex.size() && latex[i + 1] == '-') {
      return "two hyphens make a dash";
    } else {
      out += c;
      ++i;
    }
  }
  return depth == 0 ? out : "a brace stays open";
}

std::string RandomText(Random& random, const std::u32string& alphabet,
                       std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    const char32_t c = alphabet[random.Below(alphabet.size())];
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += static_cast<char>(0xC0 | c >> 6);
      text += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      text += static_cast<char>(0xE0 | c >> 12);
      text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return text;
}

// Every printable ASCII character and those that have a spelling in LaTeX.
std::u32string Alphabet() {
  std::u32string alphabet;
  for (char32_t c = 0x20; c < 0x7F; ++c) alphabet += c;
  return alphabet + U"±×–—‘’“”…→≤≥éüñß\u00A0--``''[[**";
}

TEST(EscapeLatex, RandomTextPrintsAsItIs) {
  Random random(1, "escape-latex");
  const std::u32string alphabet = Alphabet();
  for (int i = 0; i < 3000; ++i) {
    const std::string text = RandomText(random, alphabet, 1 + i % 40);
    const std::string escaped = EscapeLatex(text);
    ASSERT_EQ(Printed(escaped), text) << escaped;
    // As the first thing of a row it must not be an option of the row's end.
    ASSERT_NE(escaped[0], '[');
    ASSERT_NE(escaped[0], '*');
  }
}

TEST(EscapeLatex, OfNumbersAndOddities) {
  EXPECT_EQ(EscapeLatex("-0.7 (-1.2*)"), "$-$0.7 ($-$1.2{*})");
  EXPECT_EQ(EscapeLatex("71.3 ± 0.8"), "71.3 $\\pm$ 0.8");
  EXPECT_EQ(EscapeLatex("two\nlines\t"), "two lines ");
  EXPECT_EQ(EscapeLatex("日"), "{[}U+65E5{]}");
  EXPECT_EQ(EscapeLatex("a\xff"), "a{[}U+FFFD{]}");
}

Table SmallTable() {
  Table table;
  table.title = "Scores";
  table.caption = "In %.";
  table.legend = "A legend.";
  table.ranks = "what they mean.";
  table.columns = {
      {"Method", false}, {"Seeds"}, {"A_1 / x"}, {"A_1 / y"}, {"B / x"}};
  const std::vector<std::vector<std::string>> texts = {
      {"kd", "3", "71.3 ± 0.8", "-", "1.0"},
      {"m&m", "3", "72.0 (+0.7*)", "2", "3"}};
  for (const auto& row : texts) {
    table.rows.emplace_back();
    for (const auto& text : row) table.rows.back().push_back({text, {}, {}});
  }
  table.rows[1][2].rank = Rank::kBest;
  table.rows[0][2].rank = Rank::kSecond;
  table.Annotate(table.rows[0][3], "not run");
  return table;
}

TEST(RenderLatex, BooktabsGroupsRanksAndNotes) {
  EXPECT_EQ(RenderLatex(SmallTable(), "tab:x"),
            R"(\begin{table}[htbp]
  \centering
  \small
  \caption{Scores. In \%.}
  \label{tab:x}
  \resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%
  \begin{tabular}{@{}lrrrr@{}}
    \toprule
     &  & \multicolumn{2}{c}{A\_1} & \multicolumn{1}{c}{B} \\
    \cmidrule(lr){3-4}\cmidrule(lr){5-5}
    Method & Seeds & x & y & x \\
    \midrule
    kd & 3 & \underline{71.3} $\pm$ 0.8 & -{}\textsuperscript{1} & 1.0 \\
    m\&m & 3 & \textbf{72.0} (+0.7{*}) & 2 & 3 \\
    \bottomrule
  \end{tabular}}

  \medskip
  \begin{minipage}{\linewidth}
    \footnotesize\raggedright
    A legend.\par
    \textbf{Bold} and \underline{underlined}: what they mean.\par
    \textsuperscript{1} not run\par
  \end{minipage}
\end{table}
)");
}

// Every brace and environment closes, every row has as many cells as columns.
void ExpectSoundTables(const std::string& latex) {
  int depth = 0;
  std::vector<std::string> environments;
  std::size_t columns = 0, rows = 0;
  for (std::size_t begin = 0; begin < latex.size();) {
    const std::size_t end = latex.find('\n', begin);
    const std::string line = latex.substr(begin, end - begin);
    begin = end + 1;
    if (line.rfind('%', 0) == 0) continue;
    std::size_t cells = 1;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '\\') {
        for (const char* command : {"begin", "end"}) {
          const std::string start = std::string("\\") + command + "{";
          if (line.compare(i, start.size(), start) != 0) continue;
          const std::size_t from = i + start.size();
          const std::string name =
              line.substr(from, line.find('}', from) - from);
          if (start == "\\begin{") {
            environments.push_back(name);
          } else {
            ASSERT_FALSE(environments.empty());
            ASSERT_EQ(environments.back(), name);
            environments.pop_back();
          }
          if (name == "tabular" && start == "\\begin{") {
            const std::size_t open = line.find("@{}") + 3;
            columns = line.find("@{}", open) - open;
          }
        }
        ++i;
        continue;
      }
      depth += line[i] == '{' ? 1 : line[i] == '}' ? -1 : 0;
      ASSERT_GE(depth, 0) << line;
      cells += line[i] == '&' ? 1 : 0;
    }
    if (line.size() > 2 && line.substr(line.size() - 2) == "\\\\" &&
        line.find("multicolumn") == std::string::npos) {
      ASSERT_EQ(cells, columns) << line;
      ++rows;
    }
  }
  EXPECT_EQ(depth, 0);
  EXPECT_TRUE(environments.empty());
  EXPECT_GT(rows, 0u);
}

std::string FixtureLatex() {
  const TestFolder folder;
  WriteFixture(folder.path());
  WriteReport(folder.path(), folder / "report", {"tex"});
  return ReadTextFile(folder / "report" / "report.tex");
}

TEST(RenderLatex, AWholeReportIsSound) {
  const std::string latex = FixtureLatex();
  EXPECT_THAT(latex, HasSubstr("\\usepackage{booktabs,graphicx,textcomp}"));
  EXPECT_THAT(latex, HasSubstr("100 \\% \\& \\textless{}more\\textgreater{}"));
  ExpectSoundTables(latex);
}

// Needs a TeX installation with booktabs and graphicx, which tests must not
// ask for.
TEST(RenderLatex, CompilesAsItIs) {
  if (std::system("kpsewhich booktabs.sty > /dev/null 2>&1 && "
                  "command -v pdflatex > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no pdflatex with booktabs on this machine";
  }
  const TestFolder folder;
  Random random(1, "compile-latex");
  Table odd = SmallTable();
  std::u32string alphabet = Alphabet() + U"日\u0001\uFFFD";
  for (char32_t c = 0xA0; c < 0x180; ++c) alphabet += c;
  for (int i = 0; i < 60; ++i) {
    odd.rows.push_back({});
    for (int cell = 0; cell < 5; ++cell) {
      odd.rows.back().push_back({RandomText(random, alphabet, 12), {}, {}});
    }
  }
  // Each letter once, so that the compilation has met them all.
  std::u32string all;
  for (char32_t c = 0x20; c < 0x250; ++c) all += c;
  for (std::size_t i = 0; i < all.size(); i += 16) {
    std::string text;
    for (char32_t c : all.substr(i, 16)) {
      text += RandomText(random, std::u32string(1, c), 1) + " ";
    }
    odd.footnotes.push_back(text);
  }
  WriteFileAtomically(folder / "report.tex",
                      FixtureLatex() + RenderLatex(odd, "tab:odd"));
  WriteFileAtomically(folder / "main.tex",
                      "\\documentclass{article}\n" + LatexPackages() +
                          "\n\\begin{document}\n\\input{report}\n"
                          "\\end{document}\n");
  const std::string command =
      "cd '" + folder.path().string() +
      "' && pdflatex -halt-on-error -interaction=nonstopmode main.tex "
      "> out.txt 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0)
      << ReadTextFile(folder / "out.txt");
  EXPECT_TRUE(std::filesystem::exists(folder / "main.pdf"));
}

}  // namespace
}  // namespace msdbench
