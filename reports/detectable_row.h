// The last row of the table of differences.
#pragma once

#include <cstddef>
#include <vector>

#include "reports/detectable_difference.h"
#include "reports/table.h"

namespace msdbench {

// Adds what each value column's seeds could have shown, had it been there, and
// a sentence on it to the caption. `columns`: nullptr where a column has no
// differences; `tests`: the family's size. Adds nothing where no column has a
// spread.
void AddDetectableRow(Table& table,
                      const std::vector<const DetectableDifference*>& columns,
                      std::size_t tests, int decimals);

}  // namespace msdbench
