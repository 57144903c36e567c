// One table, however it will be drawn.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace msdbench {

struct Cell {
  std::string text;                  // UTF-8, no markup
  std::vector<std::string> records;  // the files of the runs behind it
  std::vector<std::size_t> notes;    // places in Table::footnotes
};

struct Column {
  std::string title;
  bool number = true;  // drawn to the right
};

struct Table {
  std::string title;
  std::string caption;  // one line: what the numbers are, their units
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // as wide as `columns`
  std::string legend;  // one paragraph below the rows: what marks mean
  std::vector<std::string> footnotes;

  // Equal notes share one footnote.
  void Annotate(Cell& cell, const std::string& note);

 private:
  std::unordered_map<std::string, std::size_t> places_;
};

// Columns that UTF-8 text takes on a terminal: wide East Asian characters two,
// combining marks none.
std::size_t DisplayWidth(std::string_view text);

}  // namespace msdbench
