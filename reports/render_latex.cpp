#include "reports/render_latex.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "reports/utf8.h"

namespace msdbench {
namespace {

using Replacement = std::pair<char32_t, std::string_view>;

// Brackets and stars are options of `\\` when they begin a row; quotes and
// question marks make ligatures.
constexpr Replacement kReplacements[] = {
    {U'\\', "\\textbackslash{}"},
    {U'{', "\\{"},
    {U'}', "\\}"},
    {U'#', "\\#"},
    {U'$', "\\$"},
    {U'%', "\\%"},
    {U'&', "\\&"},
    {U'_', "\\_"},
    {U'^', "\\textasciicircum{}"},
    {U'~', "\\textasciitilde{}"},
    {U'<', "\\textless{}"},
    {U'>', "\\textgreater{}"},
    {U'|', "\\textbar{}"},
    {U'[', "{[}"},
    {U']', "{]}"},
    {U'*', "{*}"},
    {U'`', "\\textasciigrave{}"},
    {U'\'', "\\textquotesingle{}"},
    {U'"', "{\\char34}"},
    {U'\u00A0', "~"},
    {U'\u00B1', "$\\pm$"},
    {U'\u00D7', "$\\times$"},
    {U'\u2013', "\\textendash{}"},
    {U'\u2014', "\\textemdash{}"},
    {U'\u2018', "\\textquoteleft{}"},
    {U'\u2019', "\\textquoteright{}"},
    {U'\u201C', "\\textquotedblleft{}"},
    {U'\u201D', "\\textquotedblright{}"},
    {U'\u2026', "\\ldots{}"},
    {U'\u2192', "$\\rightarrow$"},
    {U'\u2212', "$-$"},
    {U'\u2264', "$\\le$"},
    {U'\u2265', "$\\ge$"},
};

// Letters that LaTeX composes in its default encoding from UTF-8 input.
bool IsComposed(char32_t code) {
  if (code < 0xC0 || code > 0x17E) return false;
  constexpr std::u32string_view kNot =
      U"\u00D0\u00DE\u00F0\u00F7\u00FE\u0104\u0105\u0110\u0111\u0118\u0119"
      U"\u0126\u0127\u012E\u012F\u0138\u0149\u014A\u014B\u0166\u0167\u0172"
      U"\u0173\u013F\u0140\u00D7";
  return kNot.find(code) == std::u32string_view::npos;
}

// A hyphen that is a sign; "a-b" and "-" alone stay as they are.
bool IsMinus(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
  return begins && digit(at + 1);
}

void AppendCode(std::string_view text, std::size_t at, char32_t code,
                std::string& out) {
  if (code == U'-') {
    // Two in a row would become a dash.
    out += IsMinus(text, at) ? "$-$" : "-{}";
    return;
  }
  for (const auto& [from, to] : kReplacements) {
    if (from == code) {
      out += to;
      return;
    }
  }
  if (code < 0x20 || code == 0x7F) {
    out += ' ';
  } else if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (IsComposed(code)) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += fmt::format("{{[}}U+{:04X}{{]}}", static_cast<unsigned>(code));
  }
}

std::string TextOf(const Cell& cell) {
  std::string text = EscapeLatex(cell.text);
  if (cell.rank != Rank::kNone) {
    const auto [number, rest] = RankedParts(cell);
    text = fmt::format("\\{}{{{}}}{}",
                       cell.rank == Rank::kBest ? "textbf" : "underline",
                       EscapeLatex(number), EscapeLatex(rest));
  }
  if (cell.notes.empty()) return text;
  std::vector<std::size_t> numbers;
  for (std::size_t note : cell.notes) numbers.push_back(note + 1);
  return text + fmt::format("\\textsuperscript{{{}}}", fmt::join(numbers, ","));
}

std::string Header(const Table& table) {
  const auto header = SplitHeader(table.columns);
  std::string above, rules, titles;
  bool grouped = false;
  for (std::size_t i = 0; i < header.size();) {
    const std::size_t width = GroupWidth(header, i);
    if (i > 0) above += " & ";
    if (!header[i].group.empty()) {
      grouped = true;
      above += fmt::format("\\multicolumn{{{}}}{{c}}{{{}}}", width,
                           EscapeLatex(header[i].group));
      rules += fmt::format("\\cmidrule(lr){{{}-{}}}", i + 1, i + width);
    }
    for (std::size_t end = i + width; i < end; ++i) {
      titles += (i > 0 ? " & " : "") + EscapeLatex(header[i].title);
    }
  }
  const std::string line = "    " + titles + " \\\\\n";
  return grouped ? "    " + above + " \\\\\n    " + rules + "\n" + line : line;
}

std::string Below(const Table& table) {
  if (table.legend.empty() && table.ranks.empty() && table.footnotes.empty()) {
    return "";
  }
  std::string out =
      "\n  \\medskip\n"
      "  \\begin{minipage}{\\linewidth}\n"
      "    \\footnotesize\\raggedright\n";
  if (!table.legend.empty()) {
    out += "    " + EscapeLatex(table.legend) + "\\par\n";
  }
  if (!table.ranks.empty()) {
    out += "    \\textbf{Bold} and \\underline{underlined}: " +
           EscapeLatex(table.ranks) + "\\par\n";
  }
  for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
    out += fmt::format("    \\textsuperscript{{{}}} {}\\par\n", i + 1,
                       EscapeLatex(table.footnotes[i]));
  }
  return out + "  \\end{minipage}\n";
}

}  // namespace

std::string LatexPackages() {
  return "\\usepackage{booktabs,graphicx,textcomp}";
}

std::string EscapeLatex(const std::string& text) {
  std::string out;
  for (std::size_t next = 0; next < text.size();) {
    const std::size_t at = next;
    AppendCode(text, at, NextCodePoint(text, next), out);
  }
  return out;
}

std::string RenderLatex(const Table& table, const std::string& label) {
  std::string aligned;
  for (const Column& column : table.columns) {
    aligned += column.number ? 'r' : 'l';
  }
  std::string out = "\\begin{table}[htbp]\n  \\centering\n  \\small\n";
  out += fmt::format("  \\caption{{{}{}{}}}\n", EscapeLatex(table.title),
                     table.title.empty() || table.caption.empty() ? "" : ". ",
                     EscapeLatex(table.caption));
  out += "  \\label{" + label + "}\n";
  out +=
      "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}"
      "{!}{%\n";
  out += "  \\begin{tabular}{@{}" + aligned + "@{}}\n    \\toprule\n";
  out += Header(table) + "    \\midrule\n";
  for (const auto& row : table.rows) {
    out += "    ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i > 0 ? " & " : "") + TextOf(row[i]);
    }
    out += " \\\\\n";
  }
  out += "    \\bottomrule\n  \\end{tabular}}\n";
  return out + Below(table) + "\\end{table}\n";
}

}  // namespace msdbench
