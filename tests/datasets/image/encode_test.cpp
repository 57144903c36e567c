#include <gtest/gtest.h>

#include <algorithm>

#include "datasets/features/safetensors.h"
#include "datasets/image/image.h"
#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/golden.h"

namespace msdbench {
namespace {

int LargestGap(const std::vector<std::uint8_t>& got, const NamedArray& want) {
  EXPECT_EQ(got.size(), want.bytes);
  const auto* bytes = static_cast<const std::uint8_t*>(want.data);
  int gap = 0;
  for (std::size_t i = 0; i < std::min(got.size(), want.bytes); ++i) {
    gap = std::max(gap, std::abs(got[i] - bytes[i]));
  }
  return gap;
}

TEST(GoldenImages, DecodedAndResizedAsPillowDoes) {
  MSDBENCH_GOLDEN_FILE(file, "images/images.json");
  const Json golden = ReadJsonFile(file);
  const SafetensorsFile tensors(file.parent_path() / "images.safetensors");
  for (const Json& item : golden["cases"]) {
    const std::string name = item["name"];
    const Image image =
        ReadImage(file.parent_path() / item["file"].get<std::string>());
    EXPECT_EQ(image.width, item["width"].get<std::int64_t>()) << name;
    EXPECT_EQ(image.height, item["height"].get<std::int64_t>()) << name;
    if (item["decoded_rgb_included"].get<bool>()) {
      EXPECT_EQ(LargestGap(image.rgb, tensors.Get(name + "/decoded_rgb_hwc")),
                0)
          << name;
    }
    // The same fixed point as Pillow's, so not even one grey level off.
    EXPECT_EQ(LargestGap(Resize(image, 32, 32).rgb,
                         tensors.Get(name + "/resized_rgb_hwc")),
              0)
        << name;
  }
}

Image Noise(std::int64_t width, std::int64_t height) {
  Random random(1, "noise");
  Image image{width, height, {}};
  for (std::int64_t i = 0; i < 3 * width * height; ++i) {
    image.rgb.push_back(static_cast<std::uint8_t>(random.Below(256)));
  }
  return image;
}

TEST(Encode, PngComesBackExactly) {
  const Image image = Noise(7, 5);
  const Image back = DecodeImage(EncodePng(image), "x");
  EXPECT_EQ(back.width, 7);
  EXPECT_EQ(back.height, 5);
  EXPECT_EQ(back.rgb, image.rgb);
}

TEST(Encode, JpegComesBackClosely) {
  Image image{16, 16, {}};
  for (int i = 0; i < 16 * 16; ++i) {
    image.rgb.insert(image.rgb.end(), {200, 40, 90});
  }
  const Image back = DecodeImage(EncodeJpeg(image, 95), "x");
  for (std::size_t i = 0; i < back.rgb.size(); ++i) {
    EXPECT_NEAR(back.rgb[i], image.rgb[i], 4);
  }
}

}  // namespace
}  // namespace msdbench
