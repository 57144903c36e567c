#include "reports/comparison_cells.h"

#include <fmt/format.h>

#include <algorithm>

namespace msdbench {
namespace {

// Rounding leaves "-0.0" and "+0.0" of small numbers.
std::string WithoutZeroSign(std::string text) {
  const bool zero = text.find_first_of("123456789") == std::string::npos;
  if (zero && (text[0] == '-' || text[0] == '+')) text.erase(0, 1);
  return text;
}

}  // namespace

std::string NumberText(double value, int decimals) {
  return WithoutZeroSign(fmt::format("{:.{}f}", value, decimals));
}

std::string SignedText(double value, int decimals) {
  return WithoutZeroSign(fmt::format("{:+.{}f}", value, decimals));
}

std::string SpreadText(double sd, int decimals) {
  return " ± " + NumberText(sd, decimals);
}

std::string IntervalText(const std::optional<Interval>& interval, double scale,
                         int decimals) {
  if (!interval) return "";
  return fmt::format(" ({} to {})", NumberText(scale * interval->low, decimals),
                     NumberText(scale * interval->high, decimals));
}

Cell ValueCell(Table& table, const RunMatrix::Runs& runs,
               const Aggregate& aggregate, const ValueFormat& format,
               const std::string& difference, Cell cell) {
  cell.records = SourcesOf(runs);
  const Summary& summary = aggregate.summary;
  if (summary.mean) {
    cell.text = NumberText(format.scale * *summary.mean, format.decimals);
    if (summary.sd) {
      cell.text += SpreadText(format.scale * *summary.sd, format.decimals);
    }
    cell.text += difference;
  } else if (runs.size() == 0) {
    cell.text = "-";
    if (runs.left_out == 0) table.Annotate(cell, "not run");
  } else if (!aggregate.undefined.empty()) {
    cell.text = "undefined";
  } else if (!runs.ok.empty()) {
    cell.text = "-";
  }
  if (runs.left_out > 0) {
    table.Annotate(
        cell, fmt::format("{} run{} of another plan left out", runs.left_out,
                          runs.left_out == 1 ? "" : "s"));
  }
  if (!aggregate.absent.empty()) {
    const bool all = aggregate.absent.size() == runs.ok.size();
    table.Annotate(cell,
                   all ? format.absent
                       : SeedsText(aggregate.absent) + ": " + format.absent);
  }
  for (const auto& line : aggregate.undefined) table.Annotate(cell, line);
  if (!runs.failed.empty()) {
    cell.text +=
        fmt::format("{}failed ({} of {})", cell.text.empty() ? "" : ", ",
                    runs.failed.size(), runs.size());
    for (const auto& line : FailureLines(runs)) table.Annotate(cell, line);
  }
  return cell;
}

void RunCounts::Write(Table& table, std::vector<Cell>& row,
                      std::size_t column) const {
  if (counts_.empty()) {
    row[column].text = "0";
    return;
  }
  std::size_t least = counts_.front().second, most = least;
  for (const auto& item : counts_) {
    least = std::min(least, item.second);
    most = std::max(most, item.second);
  }
  if (least == most) {
    row[column].text = fmt::format("{}", most);
    return;
  }
  row[column].text = fmt::format("{}-{}", least, most);
  for (const auto& [cell, n] : counts_) {
    if (n < most) table.Annotate(row[cell], fmt::format("n = {}", n));
  }
}

}  // namespace msdbench
