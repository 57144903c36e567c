// How often an answer earned how much credit, under the three views.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace msdbench {

struct CreditFigure {
  std::string id, title, x_title;
  // Per view as kFigureViews: shares in [0, 1] of credits at equal steps from 0
  // to 1; empty = none.
  std::array<std::vector<double>, 3> shares;
};

std::string DrawCredits(const CreditFigure& figure);

}  // namespace msdbench
