// What all figures share: the plotting area with its axes, means with their
// seeds, and the three views in their order and colours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/aggregate.h"
#include "reports/figures/axis.h"
#include "reports/figures/svg.h"

namespace msdbench {

// The class "vN" of html/report.css colours a view, and so does its sign.
inline constexpr const char* kFigureViews[] = {"multimodal", "text", "image"};

struct Frame {
  double left, top, width, height;  // of the plotting area

  double X(const Axis& axis, double value) const {
    return left + width * axis.At(value);
  }
  double Y(const Axis& axis, double value) const {
    return top + height * (1 - axis.At(value));
  }
  // Grid lines across the area, numbers and a title outside it.
  void DrawX(Svg& svg, const Axis& axis, const std::string& title) const;
  void DrawY(Svg& svg, const Axis& axis, const std::string& title) const;
};

struct Estimate {
  double mean = 0;
  std::optional<double> sd;
  std::vector<double> seeds;  // at most kMostDots of them

  double low() const { return mean - sd.value_or(0); }
  double high() const { return mean + sd.value_or(0); }
};

// More dots than this tell no more; then every n-th seed is drawn.
inline constexpr std::size_t kMostDots = 25;

// Times `scale`; none without a value, or where it is too large to draw.
std::optional<Estimate> EstimateOf(const Aggregate& aggregate, double scale);

// All numbers of an estimate, for Axis::Over.
void AppendValues(const std::optional<Estimate>& estimate,
                  std::vector<double>& values);

// "71.3", for descriptions.
std::string ShortNumber(double value);

}  // namespace msdbench
