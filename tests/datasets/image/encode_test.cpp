#include <gtest/gtest.h>

#include <algorithm>

#include "datasets/image/image.h"
#include "reports/json_file.h"
#include "reports/random.h"
#include "reports/safetensors.h"
#include "tests/golden.h"
#include "tests/golden_file.h"

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

class GoldenImages : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenImages);

TEST_P(GoldenImages, DecodedAndResizedAsPillowDoes) {
  MSDBENCH_GOLDEN_FILE(file, "images/images.json");
  const GoldenFile golden(file);
  golden.Leave({"mean", "std", "tensors"});
  const GoldenArrays tensors(file.parent_path() / "images.safetensors");
  tensors.LeaveEnding("/normalised_chw");  // batch_test.cpp
  GoldenTally tally;
  for (const GoldenJson& item : golden.at("cases").items()) {
    const std::string name = item.at("name").text();
    tally.Case(name);
    // What kind of file it is, and how far other ways to resize go astray.
    item.Leave({"pil_mode", "format", "progressive",
                "dev_torch_antialias_vs_pil_uint8", "dev_without_antialias"});
    const Image image = ReadImage(file.parent_path() / item.at("file").text());
    tally.Equal("width", image.width, item.at("width").get<std::int64_t>());
    tally.Equal("height", image.height, item.at("height").get<std::int64_t>());
    if (item.at("decoded_rgb_included").get<bool>()) {
      tally.Equal("decoded gap",
                  LargestGap(image.rgb, tensors.Get(name + "/decoded_rgb_hwc")),
                  0);
    }
    // The same fixed point as Pillow's, so not even one grey level off.
    const NamedArray& resized = tensors.Get(name + "/resized_rgb_hwc");
    tally.Equal(
        "resized gap",
        LargestGap(Resize(image, resized.shape.at(1), resized.shape.at(0)).rgb,
                   resized),
        0);
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
