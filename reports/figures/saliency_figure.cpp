#include "reports/figures/saliency_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace msdbench {
namespace {

constexpr double kWidth = 360, kLabels = 116, kTop = 28, kRight = 14;
constexpr double kRow = 40, kBar = 12, kBelow = 40;

std::string Description(const SaliencyFigure& figure) {
  std::string text;
  for (const auto& row : figure.rows) {
    text += row.label + ":";
    for (std::size_t i = 0; i < row.scores.size(); ++i) {
      text += fmt::format(
          "{} {} {}", i > 0 ? "," : "", kFigureViews[i + 1],
          row.scores[i] ? ShortNumber(row.scores[i]->mean) : "no value");
    }
    text += ". ";
  }
  return text;
}

}  // namespace

std::string DrawSaliency(const SaliencyFigure& figure) {
  std::vector<double> values = {0};
  for (const auto& row : figure.rows) {
    for (const auto& score : row.scores) AppendValues(score, values);
  }
  const Axis axis = Axis::Over(values, 5);
  const Frame frame = {kLabels, kTop, kWidth - kLabels - kRight,
                       kRow * static_cast<double>(figure.rows.size())};
  Svg svg(kWidth, kTop + frame.height + kBelow, figure.id, figure.title,
          Description(figure));
  svg.Text({4, 16}, Anchor::kStart, Shortened(figure.title, 46), "head");
  frame.DrawX(svg, axis, figure.x_title);
  const double zero = frame.X(axis, 0);
  for (std::size_t r = 0; r < figure.rows.size(); ++r) {
    const auto& row = figure.rows[r];
    const double middle = frame.top + kRow * (static_cast<double>(r) + 0.5);
    svg.Text({frame.left - 8, middle + 4}, Anchor::kEnd,
             Shortened(row.label, 16));
    for (std::size_t i = 0; i < row.scores.size(); ++i) {
      if (!row.scores[i]) continue;
      const std::string style = fmt::format("v{}", i + 1);
      const double end = frame.X(axis, row.scores[i]->mean);
      const double y = middle + (static_cast<double>(i) - 1) * (kBar + 2) + 1;
      svg.Rect({std::min(zero, end), y}, std::fabs(end - zero), kBar,
               "f " + style);
      if (row.scores[i]->sd) {
        svg.Line({frame.X(axis, row.scores[i]->low()), y + kBar / 2},
                 {frame.X(axis, row.scores[i]->high()), y + kBar / 2}, "axis");
      }
    }
  }
  svg.Line({zero, frame.top}, {zero, frame.top + frame.height}, "axis");
  return svg.Finish();
}

}  // namespace msdbench
