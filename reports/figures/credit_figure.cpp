#include "reports/figures/credit_figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/figures/frame.h"

namespace msdbench {
namespace {

constexpr double kWidth = 300, kHeight = 200;
constexpr Frame kFrame = {38, 50, 248, 108};

std::string Description(const CreditFigure& figure) {
  std::string text = "Full credit:";
  for (std::size_t v = 0; v < figure.shares.size(); ++v) {
    text += fmt::format(
        "{} {} {}", v > 0 ? "," : "", kFigureViews[v],
        figure.shares[v].empty()
            ? "no values"
            : fmt::format("{:.0f} %", 100 * figure.shares[v].back()));
  }
  return text + " of the questions.";
}

}  // namespace

std::string DrawCredits(const CreditFigure& figure) {
  Svg svg(kWidth, kHeight, figure.id, figure.title, Description(figure));
  svg.Text({4, 16}, Anchor::kStart, Shortened(figure.title, 38), "head");
  kFrame.DrawY(svg, Axis::Over({0, 100}, 4), "% of questions");
  const double baseline = kFrame.top + kFrame.height;
  for (std::size_t v = 0; v < figure.shares.size(); ++v) {
    const auto& shares = figure.shares[v];
    if (shares.empty()) continue;
    const double step = kFrame.width / static_cast<double>(shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
      // An empty bar says nothing that its place does not.
      if (shares[i] <= 0) continue;
      const double height = kFrame.height * std::min(shares[i], 1.0);
      const double x = kFrame.left + step * (static_cast<double>(i) + 0.1 +
                                             0.27 * static_cast<double>(v));
      svg.Rect({x, baseline - height}, step * 0.25, height,
               fmt::format("f v{}", v));
    }
    for (std::size_t i = 0; v == 0 && i < shares.size(); i += 5) {
      svg.Text(
          {kFrame.left + step * (static_cast<double>(i) + 0.5), baseline + 15},
          Anchor::kMiddle,
          fmt::format("{:.1f}", static_cast<double>(i) /
                                    static_cast<double>(shares.size() - 1)),
          "tick");
    }
  }
  svg.Line({kFrame.left, baseline}, {kFrame.left + kFrame.width, baseline},
           "axis");
  svg.Text({kFrame.left + kFrame.width / 2, baseline + 32}, Anchor::kMiddle,
           figure.x_title);
  return svg.Finish();
}

}  // namespace msdbench
