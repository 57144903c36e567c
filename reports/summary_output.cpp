#include "reports/summary_output.h"

#include <fmt/format.h>

#include "reports/comparison_cells.h"

namespace msdbench {

std::string SummaryText(const Summary& summary) {
  if (!summary.mean) return "-";
  return NumberText(100 * *summary.mean, 2) +
         (summary.sd ? SpreadText(100 * *summary.sd, 2) : "") +
         fmt::format(" ({})", summary.n);
}

Json NumberOrNull(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json SummaryJson(const Summary& summary) {
  return {{"n", summary.n},
          {"mean", NumberOrNull(summary.mean)},
          {"sd", NumberOrNull(summary.sd)}};
}

}  // namespace msdbench
