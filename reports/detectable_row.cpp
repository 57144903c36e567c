#include "reports/detectable_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/comparison_cells.h"

namespace msdbench {

void AddDetectableRow(Table& table,
                      const std::vector<const DetectableDifference*>& columns,
                      std::size_t tests, int decimals) {
  const auto known = [](const DetectableDifference* column) {
    return column != nullptr && column->difference;
  };
  if (std::none_of(columns.begin(), columns.end(), known)) return;
  std::vector<Cell> row(2);
  row[0].text = "could have been shown";
  RunCounts counts;
  for (const DetectableDifference* column : columns) {
    Cell cell;
    cell.text = "-";
    if (known(column)) {
      counts.Add(row.size(), column->pairs);
      const double points = 100 * *column->difference;
      // Fractions cannot differ by more.
      cell.text = points > 100 ? "> 100" : NumberText(points, decimals);
    } else if (column != nullptr && column->sd) {
      table.Annotate(cell, "the differences have no spread to reckon with");
    }
    row.push_back(std::move(cell));
  }
  counts.Write(table, row, 1);
  table.caption += fmt::format(
      " Last row: the true mean difference that so many seeds would have shown "
      "in {:.0f} % of cases, at the level of Holm's first step over {} "
      "difference{} and with the spread seen here.",
      100 * kPower, tests, tests == 1 ? "" : "s");
  table.rows.push_back(std::move(row));
}

}  // namespace msdbench
