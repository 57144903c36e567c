#include "reports/figures/frame.h"

#include <fmt/format.h>

#include <cmath>

namespace msdbench {

void Frame::DrawX(Svg& svg, const Axis& axis, const std::string& title) const {
  for (const Axis::Tick& tick : axis.ticks()) {
    const double x = left + width * tick.at;
    svg.Line({x, top}, {x, top + height}, "rule");
    svg.Text({x, top + height + 15}, Anchor::kMiddle, tick.text, "tick");
  }
  svg.Line({left, top + height}, {left + width, top + height}, "axis");
  svg.Text({left + width / 2, top + height + 32}, Anchor::kMiddle, title);
}

void Frame::DrawY(Svg& svg, const Axis& axis, const std::string& title) const {
  for (const Axis::Tick& tick : axis.ticks()) {
    const double y = top + height * (1 - tick.at);
    svg.Line({left, y}, {left + width, y}, "rule");
    svg.Text({left - 6, y + 4}, Anchor::kEnd, tick.text, "tick");
  }
  // Above the axis and level: text on its side is hard to read.
  svg.Text({4, top - 14}, Anchor::kStart, title);
}

std::optional<Estimate> EstimateOf(const Aggregate& aggregate, double scale) {
  if (!aggregate.summary.mean) return std::nullopt;
  Estimate estimate;
  estimate.mean = *aggregate.summary.mean * scale;
  if (!std::isfinite(estimate.mean)) return std::nullopt;
  if (aggregate.summary.sd && std::isfinite(*aggregate.summary.sd * scale)) {
    estimate.sd = *aggregate.summary.sd * scale;
  }
  const std::size_t every =
      (aggregate.values.size() + kMostDots - 1) / kMostDots;
  std::size_t place = 0;
  for (const auto& item : aggregate.values) {
    const double value = item.second * scale;
    if (place++ % every == 0 && std::isfinite(value)) {
      estimate.seeds.push_back(value);
    }
  }
  return estimate;
}

void AppendValues(const std::optional<Estimate>& estimate,
                  std::vector<double>& values) {
  if (!estimate) return;
  values.insert(values.end(), estimate->seeds.begin(), estimate->seeds.end());
  values.push_back(estimate->low());
  values.push_back(estimate->high());
}

std::string ShortNumber(double value) {
  const double size = std::fabs(value);
  if (size >= 0.1 && size < 1e5) return fmt::format("{:.1f}", value);
  return fmt::format("{:.3g}", value);
}

}  // namespace msdbench
