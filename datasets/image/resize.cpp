#include <algorithm>
#include <cmath>

#include "datasets/image/image.h"

namespace msdbench {
namespace {

// Pillow's fixed point for 8-bit pixels.
constexpr int kPrecision = 32 - 8 - 2;

// One output position: weights of input positions first .. first + size.
struct Window {
  std::int64_t first = 0;
  std::vector<std::int32_t> weights;
};

std::vector<Window> TriangleWindows(std::int64_t in, std::int64_t out) {
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  const double support = std::max(scale, 1.0);
  std::vector<Window> windows(static_cast<std::size_t>(out));
  std::vector<double> weights;
  for (std::int64_t i = 0; i < out; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const auto first = std::max<std::int64_t>(
        0, static_cast<std::int64_t>(centre - support + 0.5));
    const auto last =
        std::min(in, static_cast<std::int64_t>(centre + support + 0.5));
    weights.clear();
    double sum = 0;
    for (std::int64_t x = first; x < last; ++x) {
      const double distance =
          std::abs((static_cast<double>(x) - centre + 0.5) / support);
      weights.push_back(std::max(0.0, 1 - distance));
      sum += weights.back();
    }
    windows[i].first = first;
    for (double weight : weights) {
      windows[i].weights.push_back(static_cast<std::int32_t>(
          0.5 + weight / sum * static_cast<double>(1 << kPrecision)));
    }
  }
  return windows;
}

std::uint8_t Round(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kPrecision, 0, 255));
}

Image ResizeWidth(const Image& image, std::int64_t width) {
  const std::vector<Window> windows = TriangleWindows(image.width, width);
  Image out{width, image.height, {}};
  out.rgb.resize(static_cast<std::size_t>(3 * width * image.height));
  std::uint8_t* place = out.rgb.data();
  for (std::int64_t y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.rgb.data() + 3 * y * image.width;
    for (const Window& window : windows) {
      std::int32_t red = 1 << (kPrecision - 1), green = red, blue = red;
      const std::uint8_t* pixel = row + 3 * window.first;
      for (std::int32_t weight : window.weights) {
        red += weight * pixel[0];
        green += weight * pixel[1];
        blue += weight * pixel[2];
        pixel += 3;
      }
      *place++ = Round(red);
      *place++ = Round(green);
      *place++ = Round(blue);
    }
  }
  return out;
}

Image ResizeHeight(const Image& image, std::int64_t height) {
  const std::vector<Window> windows = TriangleWindows(image.height, height);
  const std::int64_t stride = 3 * image.width;
  Image out{image.width, height, {}};
  out.rgb.resize(static_cast<std::size_t>(stride * height));
  std::vector<std::int32_t> sums(static_cast<std::size_t>(stride));
  for (std::int64_t y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), 1 << (kPrecision - 1));
    const Window& window = windows[y];
    for (std::size_t k = 0; k < window.weights.size(); ++k) {
      const std::uint8_t* row =
          image.rgb.data() +
          (window.first + static_cast<std::int64_t>(k)) * stride;
      const std::int32_t weight = window.weights[k];
      for (std::int64_t i = 0; i < stride; ++i) sums[i] += weight * row[i];
    }
    std::transform(sums.begin(), sums.end(), out.rgb.begin() + y * stride,
                   Round);
  }
  return out;
}

}  // namespace

Image Resize(const Image& image, std::int64_t width, std::int64_t height) {
  // Width first, as Pillow does: rounding in between makes the order matter.
  Image resized = width == image.width ? image : ResizeWidth(image, width);
  return height == image.height ? resized : ResizeHeight(resized, height);
}

}  // namespace msdbench
