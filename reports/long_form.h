// Every aggregate as one row, for other programs.
#pragma once

#include <cstddef>

#include "reports/run_matrix.h"
#include "reports/table.h"

namespace msdbench {

// Columns: see Comparison::long_form. Differences are to the method at
// `reference` (methods().size() = to none). Numbers are as the records store
// them, unrounded (unit "fraction" is not percent); what is not there is empty.
Table LongForm(const RunMatrix& matrix, std::size_t reference);

}  // namespace msdbench
