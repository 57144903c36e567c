// Text and tables as HTML.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "reports/table.h"

namespace msdbench {

// Text for inside elements and quoted attributes, always valid UTF-8.
std::string EscapeHtml(std::string_view text);

// Where a cell's number leads to ("#runs-3"); empty = nowhere.
using CellLink = std::function<std::string(const Cell&)>;

// A table with caption, header cells with a scope, linked numbers, legend and
// notes. `id` becomes the table's and begins those of its notes. Without the
// title: headings belong to the page.
std::string RenderHtml(const Table& table, const std::string& id,
                       const CellLink& link = nullptr);

}  // namespace msdbench
