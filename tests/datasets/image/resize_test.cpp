#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/image/image.h"
#include "reports/error.h"
#include "reports/random.h"

namespace msdbench {
namespace {

using testing::ElementsAre;

// Each level in all three channels, shifted so that a mix-up shows.
Image Picture(std::int64_t width, std::int64_t height,
              const std::vector<int>& levels) {
  Image image;
  image.width = width;
  image.height = height;
  for (int level : levels) {
    image.rgb.push_back(static_cast<std::uint8_t>(level));
    image.rgb.push_back(static_cast<std::uint8_t>(level + 7));
    image.rgb.push_back(static_cast<std::uint8_t>(level + 14));
  }
  return image;
}

std::vector<int> Levels(const Image& image) {
  std::vector<int> levels;
  EXPECT_EQ(static_cast<std::int64_t>(image.rgb.size()),
            3 * image.width * image.height);
  for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
    levels.push_back(image.rgb[i]);
    EXPECT_EQ(image.rgb[i + 1], image.rgb[i] + 7);
    EXPECT_EQ(image.rgb[i + 2], image.rgb[i] + 14);
  }
  return levels;
}

TEST(Resize, HalvesWithTheWideTriangle) {
  // Scale 2, so the triangle reaches 2 pixels to each side of centre 1: the
  // pixels at -0.5, +0.5 and +1.5 weigh 3, 3 and 1 sevenths; mirrored at 3.
  EXPECT_THAT(Levels(Resize(Picture(4, 1, {0, 70, 140, 210}), 2, 1)),
              ElementsAre(50, 160));
  EXPECT_THAT(Levels(Resize(Picture(1, 4, {0, 70, 140, 210}), 1, 2)),
              ElementsAre(50, 160));
}

TEST(Resize, DoublesBetweenNeighbours) {
  EXPECT_THAT(Levels(Resize(Picture(2, 1, {0, 100}), 4, 1)),
              ElementsAre(0, 25, 75, 100));
  EXPECT_THAT(Levels(Resize(Picture(1, 2, {0, 100}), 1, 4)),
              ElementsAre(0, 25, 75, 100));
}

TEST(Resize, HalvesRoundUp) {
  EXPECT_THAT(Levels(Resize(Picture(2, 1, {0, 241}), 1, 1)), ElementsAre(121));
}

TEST(Resize, RoundsAfterTheRowsThenAfterTheColumns) {
  // Rows first: 1 and 1, then 1. Columns first would be 1.5 -> 2 and 0.5 -> 1,
  // then 1.5 -> 2.
  EXPECT_THAT(Levels(Resize(Picture(2, 2, {1, 1, 2, 0}), 1, 1)),
              ElementsAre(1));
  // Without rounding in between 1 / 4 would be 0.
  EXPECT_THAT(Levels(Resize(Picture(2, 2, {1, 0, 0, 0}), 1, 1)),
              ElementsAre(1));
}

TEST(Resize, SameSizeIsTheSamePicture) {
  const Image image = Picture(3, 2, {1, 200, 3, 40, 5, 60});
  EXPECT_EQ(Resize(image, 3, 2).rgb, image.rgb);
}

TEST(Resize, AFlatPictureStaysFlatAndOthersStayInRange) {
  Random random(3, "resize");
  for (int i = 0; i < 100; ++i) {
    const auto side = [&] {
      return static_cast<std::int64_t>(1 + random.Below(60));
    };
    Image image;
    image.width = side();
    image.height = side();
    const auto size = static_cast<std::size_t>(3 * image.width * image.height);
    const std::int64_t width = side(), height = side();
    for (int level : {0, 1, 127, 255}) {
      image.rgb.assign(size, static_cast<std::uint8_t>(level));
      const Image flat = Resize(image, width, height);
      EXPECT_EQ(flat.rgb, std::vector<std::uint8_t>(
                              static_cast<std::size_t>(3 * width * height),
                              static_cast<std::uint8_t>(level)));
    }
    for (std::uint8_t& sample : image.rgb) {
      sample = static_cast<std::uint8_t>(100 + random.Below(50));
    }
    for (std::uint8_t sample : Resize(image, width, height).rgb) {
      EXPECT_GE(sample, 100);
      EXPECT_LT(sample, 150);
    }
  }
}

TEST(Resize, RefusesWhatIsNotAPicture) {
  EXPECT_THROW(Resize(Picture(2, 1, {0, 1}), 0, 1), Error);
  EXPECT_THROW(Resize(Picture(2, 1, {0, 1}), 1, -1), Error);
  EXPECT_THROW(Resize(Picture(2, 2, {0, 1}), 1, 1), Error);
  EXPECT_THROW(Resize(Image(), 1, 1), Error);
}

}  // namespace
}  // namespace msdbench
