#include "reports/render_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace msdbench {
namespace {

std::string TextOf(const Cell& cell) {
  std::string text = EscapeMarkdown(cell.text);
  if (cell.rank != Rank::kNone) {
    const char* mark = cell.rank == Rank::kBest ? "**" : "_";
    const auto [number, rest] = RankedParts(cell);
    text = mark + EscapeMarkdown(number) + mark + EscapeMarkdown(rest);
  }
  if (cell.notes.empty()) return text;
  std::vector<std::size_t> numbers;
  for (std::size_t note : cell.notes) numbers.push_back(note + 1);
  return text + fmt::format(" [{}]", fmt::join(numbers, ", "));
}

std::string Padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width - DisplayWidth(text), ' ');
  return right ? space + text : text + space;
}

}  // namespace

std::string EscapeMarkdown(const std::string& text) {
  const auto is_word = [&](std::size_t i) {
    return i < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[i])) ||
            (text[i] & 0x80) != 0);
  };
  // Unescaped, the mark in "(+1.5*)" stays readable on a terminal: after a
  // digit and before no word, or before a space, it cannot begin emphasis.
  const auto is_mark = [&](std::size_t i) {
    if (text[i] != '*' || i == 0) return false;
    const bool digit = std::isdigit(static_cast<unsigned char>(text[i - 1]));
    return digit ? !is_word(i + 1) : i + 1 < text.size() && text[i + 1] == ' ';
  };
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // Inside a word, as in snli_ve, an underscore is only itself.
    const bool inside = c == '_' && i > 0 && is_word(i - 1) && is_word(i + 1);
    if (std::string("|<*`\\_").find(c) != std::string::npos && !inside &&
        !is_mark(i)) {
      escaped += '\\';
    }
    escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return escaped;
}

std::string RenderMarkdown(const Table& table, int level) {
  std::vector<std::vector<std::string>> lines;
  lines.emplace_back();
  for (const Column& column : table.columns) {
    lines.back().push_back(EscapeMarkdown(column.title));
  }
  for (const auto& row : table.rows) {
    lines.emplace_back();
    for (const Cell& cell : row) lines.back().push_back(TextOf(cell));
  }
  std::vector<std::size_t> widths(table.columns.size(), 3);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(line[i]));
    }
  }

  std::string out;
  if (!table.title.empty()) {
    out += std::string(static_cast<std::size_t>(level), '#') + ' ' +
           EscapeMarkdown(table.title) + "\n\n";
  }
  if (!table.caption.empty()) out += EscapeMarkdown(table.caption) + "\n\n";
  for (std::size_t row = 0; row < lines.size(); ++row) {
    for (std::size_t i = 0; i < lines[row].size(); ++i) {
      out += (i == 0 ? "| " : " | ") +
             Padded(lines[row][i], widths[i], table.columns[i].number);
    }
    out += " |\n";
    if (row > 0) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string dashes(widths[i] - 1, '-');
      out += (i == 0 ? "| " : " | ") +
             (table.columns[i].number ? dashes + ':' : dashes + '-');
    }
    out += " |\n";
  }
  if (!table.legend.empty()) out += '\n' + EscapeMarkdown(table.legend) + '\n';
  if (!table.ranks.empty()) {
    out += "\n**Bold** and _italic_: " + EscapeMarkdown(table.ranks) + '\n';
  }
  if (!table.footnotes.empty()) out += '\n';
  for (std::size_t i = 0; i < table.footnotes.size(); ++i) {
    out +=
        fmt::format("- [{}] {}\n", i + 1, EscapeMarkdown(table.footnotes[i]));
  }
  return out;
}

std::string RenderRecords(const Table& table) {
  std::string out;
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size();) {
      std::string titles = table.columns[i].title;
      const auto& records = row[i].records;
      std::size_t next = i + 1;
      for (; next < row.size() && row[next].records == records; ++next) {
        titles += ", " + table.columns[next].title;
      }
      i = next;
      if (records.empty()) continue;
      std::string files;
      for (const std::string& record : records) {
        files += (files.empty() ? "" : ", ") + EscapeMarkdown(record);
      }
      out += fmt::format("- {} / {}: {}\n", EscapeMarkdown(row[0].text),
                         EscapeMarkdown(titles), files);
    }
  }
  return out;
}

}  // namespace msdbench
