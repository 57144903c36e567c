// One table, however it will be drawn.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace msdbench {

// Of a mean among those of its column.
enum class Rank { kNone, kBest, kSecond };

struct Cell {
  std::string text;                  // UTF-8, no markup
  std::vector<std::string> records;  // the files of the runs behind it
  std::vector<std::size_t> notes;    // places in Table::footnotes
  Rank rank = Rank::kNone;           // of the number that `text` begins with
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
  std::string ranks;  // what best and second say; empty = no cell has a rank

  // Equal notes share one footnote.
  void Annotate(Cell& cell, const std::string& note);

 private:
  std::unordered_map<std::string, std::size_t> places_;
};

// `text` of a cell in two: the number that a rank marks, and the rest.
std::pair<std::string, std::string> RankedParts(const Cell& cell);

// A column's title in two: columns "A / x" and "A / y" next to each other stand
// under one heading "A". No group = one title over the whole height.
struct HeaderColumn {
  std::string group, title;
};
std::vector<HeaderColumn> SplitHeader(const std::vector<Column>& columns);
// From `first` on, how many columns have its group (1 for one without).
std::size_t GroupWidth(const std::vector<HeaderColumn>& header,
                       std::size_t first);

// Columns that UTF-8 text takes on a terminal: wide East Asian characters two,
// combining marks none.
std::size_t DisplayWidth(std::string_view text);

}  // namespace msdbench
