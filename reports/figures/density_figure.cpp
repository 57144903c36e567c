#include "reports/figures/density_figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/figures/frame.h"

namespace msdbench {
namespace {

constexpr double kWidth = 300, kHeight = 178;
constexpr Frame kFrame = {14, 28, 272, 108};

std::string Description(const DensityFigure& figure) {
  std::string text = "Means:";
  for (std::size_t v = 0; v < figure.densities.size(); ++v) {
    text += fmt::format("{} {} {}", v > 0 ? "," : "", kFigureViews[v],
                        figure.densities[v].empty()
                            ? "no values"
                            : fmt::format("{:.2f}", figure.means[v]));
  }
  return text + ".";
}

}  // namespace

std::string DrawDensities(const DensityFigure& figure) {
  double highest = 0;
  for (const auto& density : figure.densities) {
    for (double value : density) highest = std::max(highest, value);
  }
  Svg svg(kWidth, kHeight, figure.id, figure.title, Description(figure));
  svg.Text({kFrame.left, 16}, Anchor::kStart, Shortened(figure.title, 38),
           "head");
  kFrame.DrawX(svg, Axis::Over({0, 1}, 4), figure.x_title);
  for (std::size_t v = 0; v < figure.densities.size(); ++v) {
    const auto& density = figure.densities[v];
    if (density.size() < 2 || highest <= 0) continue;
    std::vector<Point> curve;
    for (std::size_t i = 0; i < density.size(); ++i) {
      const double x =
          static_cast<double>(i) / static_cast<double>(density.size() - 1);
      curve.emplace_back(
          kFrame.left + kFrame.width * x,
          kFrame.top + kFrame.height * (1 - density[i] / highest));
    }
    std::vector<Point> area = curve;
    area.emplace_back(kFrame.left + kFrame.width, kFrame.top + kFrame.height);
    area.emplace_back(kFrame.left, kFrame.top + kFrame.height);
    svg.Polygon(area, fmt::format("a v{}", v));
    svg.Polyline(curve, fmt::format("s v{0} dash{0}", v));
  }
  return svg.Finish();
}

}  // namespace msdbench
