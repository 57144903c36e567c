#include "reports/render_html.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/utf8.h"

namespace msdbench {
namespace {

// Columns of text at the left name the row.
std::size_t RowHeaders(const Table& table) {
  std::size_t count = 0;
  while (count < table.columns.size() && !table.columns[count].number) ++count;
  return count;
}

std::string Header(const Table& table) {
  const auto header = SplitHeader(table.columns);
  const bool grouped =
      std::any_of(header.begin(), header.end(),
                  [](const HeaderColumn& c) { return !c.group.empty(); });
  std::string columns, above, below;
  for (std::size_t i = 0; i < header.size();) {
    const std::size_t width = GroupWidth(header, i);
    columns += fmt::format("<colgroup span=\"{}\"></colgroup>", width);
    const char* side = table.columns[i].number ? " class=\"n\"" : "";
    if (header[i].group.empty()) {
      above += fmt::format("<th scope=\"col\"{}{}>{}</th>",
                           grouped ? " rowspan=\"2\"" : "", side,
                           EscapeHtml(header[i].title));
      ++i;
      continue;
    }
    above += fmt::format("<th scope=\"colgroup\" colspan=\"{}\">{}</th>", width,
                         EscapeHtml(header[i].group));
    for (std::size_t end = i + width; i < end; ++i) {
      below += fmt::format("<th scope=\"col\" class=\"n\">{}</th>",
                           EscapeHtml(header[i].title));
    }
  }
  std::string out = columns + "\n<thead>\n<tr>" + above + "</tr>\n";
  if (grouped) out += "<tr>" + below + "</tr>\n";
  return out + "</thead>\n";
}

std::string TextOf(const Cell& cell) {
  if (cell.rank == Rank::kNone) return EscapeHtml(cell.text);
  const auto [number, rest] = RankedParts(cell);
  const char* mark = cell.rank == Rank::kBest ? "strong" : "u";
  return fmt::format("<{0}>{1}</{0}>{2}", mark, EscapeHtml(number),
                     EscapeHtml(rest));
}

std::string ContentOf(const Cell& cell, const std::string& id,
                      const CellLink& link) {
  std::string out = TextOf(cell);
  const std::string target = link ? link(cell) : "";
  if (!target.empty() && !out.empty()) {
    out = "<a href=\"" + EscapeHtml(target) + "\">" + out + "</a>";
  }
  if (cell.notes.empty()) return out;
  out += "<sup>";
  for (std::size_t i = 0; i < cell.notes.size(); ++i) {
    out += fmt::format(
        "{0}<a href=\"#{1}-note-{2}\" aria-label=\"note {2}\">{2}</a>",
        i > 0 ? "," : "", id, cell.notes[i] + 1);
  }
  return out + "</sup>";
}

std::string Below(const Table& table, const std::string& id) {
  std::string out;
  if (!table.legend.empty()) {
    out += "<p class=\"legend\">" + EscapeHtml(table.legend) + "</p>\n";
  }
  if (!table.ranks.empty()) {
    out += "<p class=\"legend\"><strong>Bold</strong> and <u>underlined</u>: " +
           EscapeHtml(table.ranks) + "</p>\n";
  }
  if (table.footnotes.empty()) return out;
  out += "<ol class=\"notes\">\n";
  for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
    out += fmt::format("<li id=\"{}-note-{}\">{}</li>\n", id, i + 1,
                       EscapeHtml(table.footnotes[i]));
  }
  return out + "</ol>\n";
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t next = 0; next < text.size();) {
    const std::size_t at = next;
    const char32_t code = NextCodePoint(text, next);
    if (code == U'&') {
      out += "&amp;";
    } else if (code == U'<') {
      out += "&lt;";
    } else if (code == U'>') {
      out += "&gt;";
    } else if (code == U'"') {
      out += "&quot;";
    } else if (code == U'\'') {
      out += "&#39;";
    } else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
      out += ' ';  // control characters, not allowed in HTML
    } else if (code == 0xFFFD) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(at, next - at);
    }
  }
  return out;
}

std::string RenderHtml(const Table& table, const std::string& id,
                       const CellLink& link) {
  const std::size_t headers = RowHeaders(table);
  // Wide tables scroll on their own; the keyboard must be able to do it too.
  std::string out = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
      "aria-labelledby=\"{0}-caption\">\n"
      "<table id=\"{0}\">\n"
      "<caption id=\"{0}-caption\"><span>{1}</span></caption>\n",
      id, EscapeHtml(table.caption.empty() ? table.title : table.caption));
  out += Header(table) + "<tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string content = ContentOf(row[i], id, link);
      if (i < headers) {
        out += "<th scope=\"row\">" + content + "</th>";
      } else {
        out += (table.columns[i].number ? "<td class=\"n\">" : "<td>") +
               content + "</td>";
      }
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n" + Below(table, id);
}

}  // namespace msdbench
