#include "datasets/clipart/picture.h"

#include <algorithm>

#include "reports/error.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

Image ScaledDown(const Image& image) {
  const std::int64_t longer = std::max(image.width, image.height);
  if (longer <= kClipartPixels) return image;
  const auto scaled = [&](std::int64_t side) {
    return std::max<std::int64_t>(
        1, (2 * side * kClipartPixels + longer) / (2 * longer));
  };
  return Resize(image, scaled(image.width), scaled(image.height));
}

}  // namespace

Image ReadClipartPicture(const std::filesystem::path& png,
                         const std::string& source) {
  Image image = ScaledDown(DecodePngOnWhite(ReadTextFile(png), source));
  if (std::all_of(image.rgb.begin(), image.rgb.end(),
                  [](std::uint8_t sample) { return sample == 255; })) {
    throw DataError(source + ": nothing but white");
  }
  return image;
}

}  // namespace msdbench
