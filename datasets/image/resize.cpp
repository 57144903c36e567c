#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "datasets/image/image.h"
#include "reports/error.h"

namespace msdbench {
namespace {

// Pillow's: 8 bits for the sample and 2 to spare are left of 32.
constexpr int kPrecisionBits = 32 - 8 - 2;
constexpr std::int32_t kHalf = 1 << (kPrecisionBits - 1);
constexpr std::int64_t kChannels = 3;

std::uint8_t ToByte(std::int32_t fixed) {
  return static_cast<std::uint8_t>(
      std::clamp(fixed >> kPrecisionBits, std::int32_t{0}, std::int32_t{255}));
}

// Which source samples make one target sample, and their weights.
struct Taps {
  std::int64_t first = 0, count = 0;
  const std::int32_t* weights = nullptr;
};

// A triangle filter along one axis, as wide as the reduction asks.
class Axis {
 public:
  Axis(std::int64_t from, std::int64_t to) {
    const double scale = static_cast<double>(from) / static_cast<double>(to);
    const double support = std::max(scale, 1.0);
    width_ = static_cast<std::int64_t>(std::ceil(support)) * 2 + 1;
    spans_.resize(static_cast<std::size_t>(to));
    weights_.resize(static_cast<std::size_t>(to * width_));
    std::vector<double> exact(static_cast<std::size_t>(width_));
    for (std::int64_t i = 0; i < to; ++i) {
      const double centre = (static_cast<double>(i) + 0.5) * scale;
      // Truncated towards zero, then clipped, as Pillow does.
      const std::int64_t first = std::max<std::int64_t>(
          static_cast<std::int64_t>(centre - support + 0.5), 0);
      const std::int64_t end =
          std::min(static_cast<std::int64_t>(centre + support + 0.5), from);
      double sum = 0;
      for (std::int64_t k = 0; k < end - first; ++k) {
        const double distance =
            (static_cast<double>(k + first) - centre + 0.5) * (1.0 / support);
        const double weight = std::max(1.0 - std::abs(distance), 0.0);
        exact[static_cast<std::size_t>(k)] = weight;
        sum += weight;
      }
      std::int32_t* const fixed = weights_.data() + i * width_;
      for (std::int64_t k = 0; k < end - first; ++k) {
        fixed[k] =
            static_cast<std::int32_t>(0.5 + exact[static_cast<std::size_t>(k)] /
                                                sum * (1 << kPrecisionBits));
      }
      spans_[static_cast<std::size_t>(i)] = {first, end - first};
    }
  }

  Taps At(std::int64_t i) const {
    const Span& span = spans_[static_cast<std::size_t>(i)];
    return {span.first, span.count, weights_.data() + i * width_};
  }

 private:
  struct Span {
    std::int64_t first, count;
  };
  std::int64_t width_;  // weights kept for each target sample
  std::vector<Span> spans_;
  std::vector<std::int32_t> weights_;
};

Image Blank(std::int64_t width, std::int64_t height) {
  Image image;
  image.width = width;
  image.height = height;
  image.rgb.resize(static_cast<std::size_t>(kChannels * width * height));
  return image;
}

Image ResizeRows(const Image& image, std::int64_t width) {
  const Axis axis(image.width, width);
  Image result = Blank(width, image.height);
  std::uint8_t* target = result.rgb.data();
  for (std::int64_t y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.rgb.data() + y * kChannels * image.width;
    for (std::int64_t x = 0; x < width; ++x, target += kChannels) {
      const Taps taps = axis.At(x);
      const std::uint8_t* sample = row + kChannels * taps.first;
      std::int32_t red = kHalf, green = kHalf, blue = kHalf;
      for (std::int64_t k = 0; k < taps.count; ++k, sample += kChannels) {
        red += sample[0] * taps.weights[k];
        green += sample[1] * taps.weights[k];
        blue += sample[2] * taps.weights[k];
      }
      target[0] = ToByte(red);
      target[1] = ToByte(green);
      target[2] = ToByte(blue);
    }
  }
  return result;
}

Image ResizeColumns(const Image& image, std::int64_t height) {
  const Axis axis(image.height, height);
  Image result = Blank(image.width, height);
  const std::int64_t stride = kChannels * image.width;
  // Whole rows are summed at a time: the inner loop runs over neighbours.
  std::vector<std::int32_t> sums(static_cast<std::size_t>(stride));
  for (std::int64_t y = 0; y < height; ++y) {
    const Taps taps = axis.At(y);
    std::fill(sums.begin(), sums.end(), kHalf);
    for (std::int64_t k = 0; k < taps.count; ++k) {
      const std::uint8_t* row = image.rgb.data() + (taps.first + k) * stride;
      const std::int32_t weight = taps.weights[k];
      for (std::int64_t i = 0; i < stride; ++i) {
        sums[static_cast<std::size_t>(i)] += row[i] * weight;
      }
    }
    std::uint8_t* target = result.rgb.data() + y * stride;
    for (std::int64_t i = 0; i < stride; ++i) {
      target[i] = ToByte(sums[static_cast<std::size_t>(i)]);
    }
  }
  return result;
}

}  // namespace

Image Resize(const Image& image, std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1) {
    throw UsageError(fmt::format(
        "cannot resize to {} x {} pixels: both sides must be at least 1", width,
        height));
  }
  if (image.width < 1 || image.height < 1 ||
      static_cast<std::int64_t>(image.rgb.size()) !=
          kChannels * image.width * image.height) {
    throw DataError(
        fmt::format("cannot resize: {} bytes are not {} x {} RGB pixels",
                    image.rgb.size(), image.width, image.height));
  }
  if (width == image.width) {
    return height == image.height ? image : ResizeColumns(image, height);
  }
  const Image wide = ResizeRows(image, width);
  return height == image.height ? wide : ResizeColumns(wide, height);
}

}  // namespace msdbench
