// Small pictures of coloured figures, and the words for what they show.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "datasets/image/image.h"
#include "reports/random.h"

namespace msdbench {

inline constexpr std::array<const char*, 4> kColourWords = {"red", "green",
                                                            "blue", "yellow"};
inline constexpr std::array<const char*, 3> kShapeWords = {"disc", "ring",
                                                           "cross"};
inline constexpr int kColours = static_cast<int>(kColourWords.size());
inline constexpr int kShapes = static_cast<int>(kShapeWords.size());

struct Figure {
  int colour = 0;  // of kColourWords
  int shape = 0;   // of kShapeWords
};

// `count` copies of the figure (1 to 3), apart from each other, of random size
// and place on a noisy grey ground. size: pixels of the square picture.
Image DrawFigures(const Figure& figure, int count, std::int64_t size,
                  Random& random);

}  // namespace msdbench
