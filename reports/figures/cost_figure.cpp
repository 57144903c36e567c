#include "reports/figures/cost_figure.h"

#include <fmt/format.h>

#include <algorithm>

namespace msdbench {
namespace {

constexpr double kWidth = 360, kHeight = 294;
constexpr Frame kFrame = {48, 50, 296, 200};
constexpr std::size_t kColours = 8;

std::string Description(const CostFigure& figure) {
  std::string text;
  for (const auto& method : figure.methods) {
    text += fmt::format("{}: {} after {} s. ", method.label,
                        ShortNumber(method.metric.mean),
                        ShortNumber(method.seconds.mean));
  }
  return text;
}

}  // namespace

std::string MethodStyle(std::size_t number) {
  return fmt::format("m{}", number % kColours);
}

std::string DrawCost(const CostFigure& figure) {
  std::vector<double> seconds, metric;
  for (const auto& method : figure.methods) {
    seconds.push_back(method.seconds.mean);
    seconds.push_back(method.seconds.high());
    if (method.seconds.low() > 0) seconds.push_back(method.seconds.low());
    metric.push_back(method.metric.low());
    metric.push_back(method.metric.high());
  }
  const Axis x = Axis::OverMagnitudes(seconds, 5);
  const Axis y = Axis::Over(metric, 5);
  Svg svg(kWidth, kHeight, figure.id, figure.title, Description(figure));
  svg.Text({4, 16}, Anchor::kStart, Shortened(figure.title, 46), "head");
  kFrame.DrawY(svg, y, figure.y_title);
  kFrame.DrawX(
      svg, x,
      x.logarithmic() ? "training time, s (logarithmic)" : "training time, s");
  // Spreads first, so that no line covers a sign.
  for (const auto& method : figure.methods) {
    const Point at = {kFrame.X(x, method.seconds.mean),
                      kFrame.Y(y, method.metric.mean)};
    const std::string style = "s thin " + MethodStyle(method.style);
    if (method.metric.sd) {
      svg.Line({at.first, kFrame.Y(y, method.metric.low())},
               {at.first, kFrame.Y(y, method.metric.high())}, style);
    }
    if (method.seconds.sd) {
      svg.Line({kFrame.X(x, method.seconds.low()), at.second},
               {kFrame.X(x, method.seconds.high()), at.second}, style);
    }
  }
  for (const auto& method : figure.methods) {
    svg.Marker(
        {kFrame.X(x, method.seconds.mean), kFrame.Y(y, method.metric.mean)},
        method.style, 6, "f edge " + MethodStyle(method.style));
  }
  return svg.Finish();
}

}  // namespace msdbench
