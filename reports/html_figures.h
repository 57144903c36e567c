// The parts of an HTML report that show figures.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison.h"
#include "reports/render_html.h"

namespace msdbench {

// Each returns what stands below its section's heading.

// Every data set: figure and table of the primary metric by view.
std::string ViewsSection(const RunMatrix& matrix,
                         const std::vector<Table>& tables,
                         const CellLink& link);
std::string SaliencySection(const RunMatrix& matrix, const CellLink& link);
std::string CostSection(const RunMatrix& matrix, const Table& table,
                        const CellLink& link);

// "<figure>" around drawings and a caption in plain text.
std::string Figure(const std::string& drawings, const std::string& caption);
// The three views, or from `first` on, with their signs, or as lines.
enum class KeyKind { kSigns, kLines };
std::string ViewsKey(std::size_t first = 0, KeyKind kind = KeyKind::kSigns);

// More panels than this would hide the rest; the caption says so.
inline constexpr std::size_t kMostPanels = 12;

}  // namespace msdbench
