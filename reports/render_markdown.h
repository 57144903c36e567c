// Tables as GitHub Markdown that also lines up in a terminal.
#pragma once

#include <string>

#include "reports/table.h"

namespace msdbench {

// Text with what Markdown would take for markup escaped, on one line.
std::string EscapeMarkdown(const std::string& text);

// Title as a heading of `level`, caption, padded rows, legend, footnotes.
std::string RenderMarkdown(const Table& table, int level = 2);

// One list item a row and column: the record files behind that cell. Columns
// next to each other with the same runs share an item.
std::string RenderRecords(const Table& table);

}  // namespace msdbench
