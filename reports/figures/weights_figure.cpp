#include "reports/figures/weights_figure.h"

#include <fmt/format.h>

#include "reports/figures/frame.h"

namespace msdbench {
namespace {

constexpr double kWidth = 300, kHeight = 210;
constexpr Frame kFrame = {44, 50, 242, 118};

std::string Description(const WeightsFigure& figure) {
  std::string text;
  for (std::size_t i = 0; i < figure.lines.size(); ++i) {
    const auto& line = figure.lines[i];
    if (line.mean.empty()) continue;
    text += fmt::format(
        "Weight of {}: from {:.2g} in epoch {:g} to {:.2g} in "
        "epoch {:g}. ",
        kFigureViews[i + 1], line.mean.front(), line.epochs.front(),
        line.mean.back(), line.epochs.back());
  }
  return text;
}

}  // namespace

std::string DrawWeights(const WeightsFigure& figure) {
  std::vector<double> epochs, values = {0};
  for (const auto& line : figure.lines) {
    epochs.insert(epochs.end(), line.epochs.begin(), line.epochs.end());
    for (std::size_t i = 0; i < line.mean.size(); ++i) {
      values.push_back(line.mean[i] - line.sd[i]);
      values.push_back(line.mean[i] + line.sd[i]);
    }
  }
  const Axis x = Axis::Over(epochs, 5);
  const Axis y = Axis::Over(values, 4);
  Svg svg(kWidth, kHeight, figure.id, figure.title, Description(figure));
  svg.Text({4, 16}, Anchor::kStart, Shortened(figure.title, 38), "head");
  kFrame.DrawY(svg, y, "weight");
  kFrame.DrawX(svg, x, "epoch");
  for (std::size_t i = 0; i < figure.lines.size(); ++i) {
    const auto& line = figure.lines[i];
    std::vector<Point> curve, band;
    for (std::size_t e = 0; e < line.mean.size(); ++e) {
      const double at = kFrame.X(x, line.epochs[e]);
      curve.emplace_back(at, kFrame.Y(y, line.mean[e]));
      band.emplace_back(at, kFrame.Y(y, line.mean[e] + line.sd[e]));
    }
    for (std::size_t e = line.mean.size(); e-- > 0;) {
      band.emplace_back(kFrame.X(x, line.epochs[e]),
                        kFrame.Y(y, line.mean[e] - line.sd[e]));
    }
    const std::size_t view = i + 1;
    if (curve.size() > 1) {
      svg.Polygon(band, fmt::format("a v{}", view));
      svg.Polyline(curve, fmt::format("s v{0} dash{0}", view));
    }
    for (const Point& point : curve) {
      svg.Marker(point, view, 3, fmt::format("f v{}", view));
    }
  }
  return svg.Finish();
}

}  // namespace msdbench
