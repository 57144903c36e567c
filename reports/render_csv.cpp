#include "reports/render_csv.h"

namespace msdbench {
namespace {

void AppendField(const std::string& text, bool first, std::string& out) {
  if (!first) out += ',';
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string RenderCsv(const Table& table) {
  std::string out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    AppendField(table.columns[i].title, i == 0, out);
  }
  out += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      AppendField(row[i].text, i == 0, out);
    }
    out += '\n';
  }
  return out;
}

}  // namespace msdbench
