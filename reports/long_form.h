// Every aggregate as one row, for other programs.
#pragma once

#include <cstddef>
#include <vector>

#include "reports/detectable_difference.h"
#include "reports/difference_family.h"
#include "reports/run_matrix.h"
#include "reports/table.h"

namespace msdbench {

// Columns: see Comparison::long_form. Differences are to the method at
// `reference` (methods().size() = to none), adjusted p-values those of
// `family`; what is outside it has only its own p. Numbers are as the records
// store them, unrounded (unit "fraction" is not percent); what is not there is
// empty.
Table LongForm(const RunMatrix& matrix, std::size_t reference,
               const DifferenceFamily& family,
               const std::vector<DetectableDifference>& detectable);

}  // namespace msdbench
