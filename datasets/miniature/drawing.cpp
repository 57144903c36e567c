#include "datasets/miniature/drawing.h"

#include <algorithm>
#include <cmath>

namespace msdbench {
namespace {

constexpr std::array<std::array<int, 3>, 4> kRgb = {
    {{210, 40, 40}, {40, 170, 60}, {50, 70, 210}, {225, 205, 50}}};

bool Covers(int shape, double dx, double dy, double radius) {
  const double x = std::abs(dx), y = std::abs(dy);
  switch (shape) {
    case 0:
      return std::hypot(x, y) <= radius;
    case 1:
      return std::hypot(x, y) <= radius && std::hypot(x, y) >= 0.6 * radius;
    default:
      return std::min(x, y) <= 0.3 * radius && std::max(x, y) <= radius;
  }
}

std::uint8_t Grain(int value, int grain, Random& random) {
  const int spread = static_cast<int>(random.Below(2 * grain + 1)) - grain;
  return static_cast<std::uint8_t>(std::clamp(value + spread, 0, 255));
}

}  // namespace

Image DrawFigures(const Figure& figure, int count, std::int64_t size,
                  Random& random) {
  constexpr int kGrain = 12;
  // One figure has the whole picture; more share it in columns, so that they
  // never touch and counting stays possible.
  const double width = static_cast<double>(size) / count;
  struct Place {
    double x, y, radius;
  };
  std::vector<Place> places;
  for (int i = 0; i < count; ++i) {
    const double most = 0.5 * width - 1;
    const double radius = most * (0.65 + 0.3 * random.Uniform());
    const double free_x = width - 2 * radius - 1;
    const double free_y = static_cast<double>(size) - 2 * radius - 1;
    places.push_back({i * width + radius + free_x * random.Uniform(),
                      radius + free_y * random.Uniform(), radius});
  }
  const int ground = 110 + static_cast<int>(random.Below(60));

  Image image;
  image.width = image.height = size;
  image.rgb.reserve(static_cast<std::size_t>(3 * size * size));
  for (std::int64_t y = 0; y < size; ++y) {
    for (std::int64_t x = 0; x < size; ++x) {
      const bool covered =
          std::any_of(places.begin(), places.end(), [&](const Place& place) {
            return Covers(figure.shape, static_cast<double>(x) - place.x,
                          static_cast<double>(y) - place.y, place.radius);
          });
      for (int c = 0; c < 3; ++c) {
        image.rgb.push_back(
            Grain(covered ? kRgb[figure.colour][c] : ground, kGrain, random));
      }
    }
  }
  return image;
}

}  // namespace msdbench
