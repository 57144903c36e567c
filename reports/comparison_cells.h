// The texts inside comparison tables: rounding, spreads, gaps, failures.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/aggregate.h"
#include "reports/interval.h"
#include "reports/table.h"

namespace msdbench {

// Rounded; a zero has no sign.
std::string NumberText(double value, int decimals);
std::string SignedText(double value, int decimals);  // "+1.2"
std::string SpreadText(double sd, int decimals);     // " ± 0.8"
// " (-0.4 to 2.8)"; empty without an interval.
std::string IntervalText(const std::optional<Interval>& interval, double scale,
                         int decimals);

struct ValueFormat {
  double scale = 100;  // 100 = percent of a fraction
  int decimals = 1;
  const char* absent = "";  // what a footnote says of runs without it
};

// "71.3 ± 0.8", then `difference`, then "failed (1 of 3)"; or why there is no
// number. Adds to the notes that `cell` has; every gap gets its own.
Cell ValueCell(Table& table, const RunMatrix::Runs& runs,
               const Aggregate& aggregate, const ValueFormat& format,
               const std::string& difference = "", Cell cell = {});

// How many runs stand behind the cells of a row.
class RunCounts {
 public:
  void Add(std::size_t cell, std::size_t n) { counts_.emplace_back(cell, n); }

  // Writes "3", or "2-3" with a footnote at each cell that has fewer than most.
  void Write(Table& table, std::vector<Cell>& row, std::size_t column) const;

 private:
  std::vector<std::pair<std::size_t, std::size_t>> counts_;
};

}  // namespace msdbench
