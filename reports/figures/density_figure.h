// How a model's outputs in [0, 1] are distributed under the three views.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace msdbench {

struct DensityFigure {
  std::string id, title, x_title;
  // Per view as kFigureViews, at equal steps from 0 to 1; empty = none.
  std::array<std::vector<double>, 3> densities;
  std::array<double, 3> means{};
};

// Curves over filled areas, as high as the panel allows.
std::string DrawDensities(const DensityFigure& figure);

}  // namespace msdbench
