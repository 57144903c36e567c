#include "datasets/image/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "datasets/features/safetensors.h"
#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/golden.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

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

std::string MessageOf(std::string_view bytes) {
  try {
    DecodeImage(bytes, "file.png");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kData);
    return error.what();
  }
  return "decoded";
}

TEST(Image, PngComesBackExactly) {
  const Image image = Noise(7, 5);
  const Image back = DecodeImage(EncodePng(image), "x");
  EXPECT_EQ(back.width, 7);
  EXPECT_EQ(back.height, 5);
  EXPECT_EQ(back.rgb, image.rgb);
}

TEST(Image, JpegComesBackClosely) {
  Image image{16, 16, {}};
  for (int i = 0; i < 16 * 16; ++i) {
    image.rgb.insert(image.rgb.end(), {200, 40, 90});
  }
  const Image back = DecodeImage(EncodeJpeg(image, 95), "x");
  for (std::size_t i = 0; i < back.rgb.size(); ++i) {
    EXPECT_NEAR(back.rgb[i], image.rgb[i], 4);
  }
}

TEST(Image, EveryTruncationIsAnErrorNotACrash) {
  for (const std::string& whole :
       {EncodePng(Noise(9, 9)), EncodeJpeg(Noise(9, 9), 80)}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const std::string message = MessageOf(whole.substr(0, length));
      // A JPEG without its last marker's second byte is still a whole picture
      // to libjpeg; nothing else is.
      if (length + 2 < whole.size()) {
        EXPECT_THAT(message, HasSubstr("file.png: ")) << length;
      }
    }
  }
}

TEST(Image, DamageIsAnErrorOrAPictureOfTheSameSize) {
  Random random(2, "damage");
  for (const std::string& whole :
       {EncodePng(Noise(9, 9)), EncodeJpeg(Noise(9, 9), 80)}) {
    for (int round = 0; round < 2000; ++round) {
      std::string bytes = whole;
      for (int k = 0; k < 3; ++k) {
        bytes[random.Below(bytes.size())] =
            static_cast<char>(random.Below(256));
      }
      try {
        const Image image = DecodeImage(bytes, "x");
        EXPECT_EQ(image.rgb.size(),
                  static_cast<std::size_t>(3 * image.width * image.height));
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::kData);
      }
    }
  }
}

TEST(Image, OtherFormatsAreNamed) {
  EXPECT_THAT(MessageOf("GIF89a........"), HasSubstr("looks like GIF"));
  EXPECT_THAT(MessageOf("RIFF\1\2\3\4WEBPVP8 "), HasSubstr("looks like WEBP"));
  EXPECT_THAT(MessageOf("<!DOCTYPE html>"), HasSubstr("text (HTML"));
  EXPECT_THAT(MessageOf(""), HasSubstr("an empty file"));
  EXPECT_THAT(MessageOf("\x89PNG\r\n\x1A\nrest"), HasSubstr("damaged PNG"));
}

TEST(Image, HugeHeadersAreRefusedBeforeAnythingIsAllocated) {
  // A 60,000 x 60,000 JPEG header: SOI, SOF0 with one component, no data.
  const std::string bytes(
      "\xFF\xD8\xFF\xC0\x00\x0B\x08\xEA\x60\xEA\x60\x01\x01\x11\x00"
      "\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00",
      25);
  EXPECT_THAT(MessageOf(bytes), HasSubstr("60000 x 60000 pixels"));
}

Image Row(const std::vector<int>& greys) {
  Image image{static_cast<std::int64_t>(greys.size()), 1, {}};
  for (int grey : greys) {
    image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(grey));
  }
  return image;
}

std::vector<int> Greys(const Image& image) {
  std::vector<int> greys;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    greys.push_back(image.rgb[i]);
  }
  return greys;
}

TEST(Resize, AveragesWhenItShrinks) {
  EXPECT_EQ(Greys(Resize(Row({10, 30}), 1, 1)), std::vector<int>{20});
  // Halving: triangles of radius 2 around 1 and 3, cut at the borders. The
  // first has weights .75 .75 .25 (and 0) over its sum of 1.75 + ...:
  // positions .5 1.5 2.5 lie .5 .5 1.5 away from 1.
  const double left = (0.75 * 0 + 0.75 * 40 + 0.25 * 80) / 1.75;
  const double right = (0.25 * 40 + 0.75 * 80 + 0.75 * 120) / 1.75;
  EXPECT_EQ(Greys(Resize(Row({0, 40, 80, 120}), 2, 1)),
            (std::vector<int>{static_cast<int>(left + 0.5),
                              static_cast<int>(right + 0.5)}));
}

TEST(Resize, InterpolatesWhenItGrows) {
  // Centres at .25 .75 1.25 1.75 of two pixels: 1, 3/4, 1/4, 0 of the first.
  EXPECT_EQ(Greys(Resize(Row({100, 200}), 4, 1)),
            (std::vector<int>{100, 125, 175, 200}));
}

TEST(Resize, KeepsAFlatPictureAndTheSameSize) {
  const Image noise = Noise(6, 4);
  EXPECT_EQ(Resize(noise, 6, 4).rgb, noise.rgb);
  Image flat{37, 23, {}};
  flat.rgb.assign(3 * 37 * 23, 137);
  const Image resized = Resize(flat, 11, 50);
  EXPECT_EQ(resized.rgb, std::vector<std::uint8_t>(3 * 11 * 50, 137));
}

}  // namespace
}  // namespace msdbench
