// Mean saliency scores of text and image, as bars from zero.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "reports/figures/frame.h"

namespace msdbench {

struct SaliencyFigure {
  struct Row {
    std::string label;
    std::array<std::optional<Estimate>, 2> scores;  // text, image
  };
  std::string id, title, x_title;
  std::vector<Row> rows;
};

std::string DrawSaliency(const SaliencyFigure& figure);

}  // namespace msdbench
