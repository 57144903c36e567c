#include "reports/figures/views_figure.h"

#include <fmt/format.h>

#include <iterator>

namespace msdbench {
namespace {

constexpr double kWidth = 360, kLabels = 116, kTop = 8, kRight = 14;
constexpr double kRow = 46, kLane = 13, kBelow = 40;
constexpr std::size_t kViewCount = std::size(kFigureViews);

std::string Description(const ViewsFigure& figure) {
  std::string text;
  for (const auto& row : figure.rows) {
    text += row.label + ":";
    for (std::size_t v = 0; v < kViewCount; ++v) {
      text += fmt::format(
          "{} {} {}", v > 0 ? "," : "", kFigureViews[v],
          row.views[v] ? ShortNumber(row.views[v]->mean) : "no value");
    }
    text += ". ";
  }
  if (figure.floor) {
    text += "Constant prediction: " + ShortNumber(*figure.floor) + ".";
  }
  return text;
}

// One view of one method, on a line of its own.
void DrawLane(Svg& svg, const Frame& frame, const Axis& axis, std::size_t view,
              const std::optional<Estimate>& estimate, double y) {
  if (!estimate) {
    svg.Text({frame.left + 4, y + 4}, Anchor::kStart,
             std::string(kFigureViews[view]) + ": no value", "note");
    return;
  }
  const std::string style = fmt::format("v{}", view);
  if (estimate->sd) {
    svg.Line({frame.X(axis, estimate->low()), y},
             {frame.X(axis, estimate->high()), y}, "s " + style);
  }
  if (estimate->seeds.size() > 1) {
    for (double seed : estimate->seeds) {
      svg.Marker({frame.X(axis, seed), y}, 0, 2.5, "d " + style);
    }
  }
  svg.Marker({frame.X(axis, estimate->mean), y}, view, 4.5, "f " + style);
}

}  // namespace

std::string DrawViews(const ViewsFigure& figure) {
  std::vector<double> values;
  for (const auto& row : figure.rows) {
    for (const auto& estimate : row.views) AppendValues(estimate, values);
  }
  if (figure.floor) values.push_back(*figure.floor);
  const Axis axis = Axis::Over(values, 5);
  const Frame frame = {kLabels, kTop, kWidth - kLabels - kRight,
                       kRow * static_cast<double>(figure.rows.size())};

  Svg svg(kWidth, kTop + frame.height + kBelow, figure.id, figure.title,
          Description(figure));
  frame.DrawX(svg, axis, figure.x_title);
  if (figure.floor) {
    const double x = frame.X(axis, *figure.floor);
    svg.Line({x, frame.top}, {x, frame.top + frame.height}, "floor");
  }
  for (std::size_t r = 0; r < figure.rows.size(); ++r) {
    const double middle = frame.top + kRow * (static_cast<double>(r) + 0.5);
    if (r > 0) {
      svg.Line({0, middle - kRow / 2}, {kWidth - kRight, middle - kRow / 2},
               "rule");
    }
    svg.Text({frame.left - 8, middle + 4}, Anchor::kEnd,
             Shortened(figure.rows[r].label, 16));
    for (std::size_t v = 0; v < kViewCount; ++v) {
      DrawLane(svg, frame, axis, v, figure.rows[r].views[v],
               middle + kLane * (static_cast<double>(v) - 1));
    }
  }
  return svg.Finish();
}

}  // namespace msdbench
