// One metric of each method under the three views: mean, spread, seeds.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "reports/figures/frame.h"

namespace msdbench {

struct ViewsFigure {
  struct Row {
    std::string label;
    std::array<std::optional<Estimate>, 3> views;  // as kFigureViews
  };
  std::string id, title, x_title;
  std::vector<Row> rows;
  std::optional<double> floor;  // a constant prediction's value
};

std::string DrawViews(const ViewsFigure& figure);

}  // namespace msdbench
