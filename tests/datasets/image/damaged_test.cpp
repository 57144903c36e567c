#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/image/image.h"
#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Noise needs many bytes a pixel: cuts fall in the pixels, not in the header.
Image Noise(std::int64_t width, std::int64_t height) {
  Random random(2, "noise");
  Image image{width, height, {}};
  for (std::int64_t i = 0; i < 3 * width * height; ++i) {
    image.rgb.push_back(static_cast<std::uint8_t>(random.Below(256)));
  }
  return image;
}

TEST(DamagedImage, EveryCutOfAJpegOfManyBlocksIsAnError) {
  const std::string bytes = EncodeJpeg(Noise(35, 19), 90);
  ASSERT_GT(bytes.size(), 1500);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(ErrorOf([&] { DecodeImage(bytes.substr(0, size), "cut.jpg"); }),
                StartsWith("cut.jpg: "))
        << size << " of " << bytes.size();
  }
}

TEST(DamagedImage, EveryCutOfAPngBeforeItsEndMarkIsAnError) {
  const Image image = Noise(19, 11);
  const std::string bytes = EncodePng(image);
  ASSERT_GT(bytes.size(), 600);
  constexpr std::size_t kEndMark = 12;
  for (std::size_t size = 0; size + kEndMark < bytes.size(); ++size) {
    EXPECT_THAT(ErrorOf([&] { DecodeImage(bytes.substr(0, size), "cut.png"); }),
                StartsWith("cut.png: "))
        << size << " of " << bytes.size();
  }
  // All pixels are there and checked, so the end mark is not asked for.
  for (std::size_t size = bytes.size() - kEndMark; size <= bytes.size();
       ++size) {
    EXPECT_EQ(DecodeImage(bytes.substr(0, size), "cut.png").rgb, image.rgb);
  }
}

TEST(DamagedImage, RandomBytesBehindAnyMagicAreAnError) {
  using namespace std::string_literals;
  Random random(4, "random bytes");
  for (const std::string& magic :
       {""s, "\xFF\xD8\xFF"s, "\xFF\xD8\xFF\xE0\0\x10JFIF\0"s,
        "\x89PNG\r\n\x1A\n"s, "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR"s}) {
    for (int i = 0; i < 400; ++i) {
      std::string bytes = magic;
      const std::uint64_t size = random.Below(300);
      for (std::uint64_t k = 0; k < size; ++k) {
        bytes.push_back(static_cast<char>(random.Below(256)));
      }
      EXPECT_THAT(ErrorOf([&] { DecodeImage(bytes, "random"); }),
                  StartsWith("random: "));
    }
  }
}

// Two bytes of a header must not take half a gigabyte of memory.
TEST(DamagedImage, ASizeThatTheFileCannotHoldIsAnError) {
  std::string jpeg = EncodeJpeg(Noise(35, 19), 90);
  const std::size_t frame = jpeg.find("\xFF\xC0");
  ASSERT_NE(frame, jpeg.npos);
  jpeg.replace(frame + 5, 4, "\x32\xC8\x32\xC8");  // 13,000 x 13,000
  EXPECT_THAT(ErrorOf([&] { DecodeImage(jpeg, "huge.jpg"); }),
              HasSubstr("takes 20629 bytes or more, but the file has"));
  // 70 bytes with sound checksums; written by Python's struct and zlib.
  const std::string png = ReadTextFile("tests/fuzz/corpus/image/huge.png");
  EXPECT_THAT(ErrorOf([&] { DecodeImage(png, "huge.png"); }),
              HasSubstr("takes 491279 bytes or more, but the file has"));
}

// The most that a format can do passes.
TEST(DamagedImage, PicturesOfOneColourAreNotRefused) {
  const Image plain{3000, 2000, std::vector<std::uint8_t>(18'000'000, 128)};
  EXPECT_EQ(DecodeImage(EncodePng(plain), "plain.png").rgb, plain.rgb);
  EXPECT_EQ(DecodeImage(EncodeJpeg(plain, 5), "plain.jpg").rgb, plain.rgb);
}

TEST(DamagedImage, ReadImageNamesTheFile) {
  const Tree tree;
  tree.Write("page.jpg", "<html><body>404</body></html>");
  const std::string error = ErrorOf([&] { ReadImage(tree.Path("page.jpg")); });
  EXPECT_THAT(error, StartsWith(tree.Path("page.jpg")));
  EXPECT_THAT(error, HasSubstr("HTML"));
}

}  // namespace
}  // namespace msdbench
