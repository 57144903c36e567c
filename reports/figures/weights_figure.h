// The weights of the two modality terms over the epochs of training.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace msdbench {

struct WeightsFigure {
  struct Line {
    std::vector<double> epochs, mean, sd;  // of one length
  };
  std::string id, title;
  std::array<Line, 2> lines;  // text, image
};

// Lines with a band of one standard deviation around each.
std::string DrawWeights(const WeightsFigure& figure);

}  // namespace msdbench
