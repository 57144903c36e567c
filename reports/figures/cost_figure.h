// What a method reaches against the time that its training takes.
#pragma once

#include <string>
#include <vector>

#include "reports/figures/frame.h"

namespace msdbench {

struct CostFigure {
  struct Method {
    std::string label;
    std::size_t style = 0;  // its sign and colour, as in the key
    Estimate seconds, metric;
  };
  std::string id, title, y_title;
  std::vector<Method> methods;
};

// Seconds on a logarithmic scale where they differ much.
std::string DrawCost(const CostFigure& figure);

// The class of html/report.css that colours the method of this number.
std::string MethodStyle(std::size_t number);

}  // namespace msdbench
