#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "datasets/image/image.h"
#include "reports/error.h"
#include "reports/random.h"
#include "tests/datasets/image/pictures.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::uint8_t> PixelsOf(std::string_view hex) {
  const Image image = DecodeImage(pictures::Bytes(hex), "picture");
  EXPECT_EQ(static_cast<std::int64_t>(image.rgb.size()),
            3 * image.width * image.height);
  return image.rgb;
}

std::string Complaint(std::string_view bytes) {
  try {
    DecodeImage(bytes, "picture");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kData);
    EXPECT_THAT(error.what(), StartsWith("picture: "));
    return error.what();
  }
  return "no complaint";
}

TEST(DecodePng, GreyOfEveryDepth) {
  const Image image = DecodeImage(pictures::Bytes(pictures::kGrey1), "picture");
  EXPECT_EQ(image.width, 4);
  EXPECT_EQ(image.height, 2);
  EXPECT_THAT(image.rgb,
              ElementsAre(255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0,
                          0, 255, 255, 255, 255, 255, 255, 0, 0, 0));
  EXPECT_THAT(PixelsOf(pictures::kGrey8),
              ElementsAre(7, 7, 7, 8, 8, 8, 9, 9, 9, 250, 250, 250));
  // The high byte.
  EXPECT_THAT(PixelsOf(pictures::kGrey16),
              ElementsAre(0, 0, 0, 0x12, 0x12, 0x12, 255, 255, 255));
}

TEST(DecodePng, Colour) {
  EXPECT_THAT(PixelsOf(pictures::kRgb8),
              ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252));
  EXPECT_THAT(PixelsOf(pictures::kRgb16),
              ElementsAre(1, 2, 3, 0xfd, 0xfe, 0xff));
}

std::vector<std::uint8_t> OnWhite(std::string_view hex) {
  return DecodePngOnWhite(pictures::Bytes(hex), "picture").rgb;
}

// (alpha * sample + (255 - alpha) * 255) / 255, rounded, worked out by hand.
TEST(DecodePngOnWhite, TransparencyLetsThePaperThrough) {
  EXPECT_THAT(OnWhite(pictures::kGreyAlpha),
              ElementsAre(255, 255, 255, 20, 20, 20));
  EXPECT_THAT(OnWhite(pictures::kRgba),
              ElementsAre(255, 255, 255, 138, 138, 139));
  EXPECT_THAT(OnWhite(pictures::kPalette),
              ElementsAre(70, 80, 90, 255, 255, 255, 147, 152, 157));
  EXPECT_THAT(OnWhite(pictures::kColourKey),
              ElementsAre(255, 255, 255, 4, 5, 6));
  EXPECT_THAT(OnWhite(pictures::kGreyColourKey),
              ElementsAre(255, 255, 255, 170, 170, 170));
  EXPECT_THAT(OnWhite(pictures::kRgba16),
              ElementsAre(255, 255, 255, 0x40, 0, 255));
}

TEST(DecodePngOnWhite, WithoutTransparencyEqualsTheUsualWay) {
  for (const std::string_view picture :
       {pictures::kGrey1, pictures::kGrey8, pictures::kGrey16, pictures::kRgb8,
        pictures::kRgb16, pictures::kInterlaced}) {
    EXPECT_EQ(OnWhite(picture), PixelsOf(picture)) << picture;
  }
}

TEST(DecodePngOnWhite, RefusesWhatTheUsualWayRefuses) {
  for (const std::string_view picture :
       {pictures::kBadChecksum, pictures::kBadPalette, pictures::kHuge,
        pictures::kGreyJpeg}) {
    EXPECT_THROW(OnWhite(picture), Error) << picture;
  }
}

TEST(DecodePng, TransparencyIsDroppedNotComposited) {
  EXPECT_THAT(PixelsOf(pictures::kGreyAlpha),
              ElementsAre(10, 10, 10, 20, 20, 20));
  EXPECT_THAT(PixelsOf(pictures::kRgba), ElementsAre(11, 12, 13, 21, 22, 23));
  EXPECT_THAT(PixelsOf(pictures::kPalette),
              ElementsAre(70, 80, 90, 10, 20, 30, 40, 50, 60));
  EXPECT_THAT(PixelsOf(pictures::kColourKey), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(DecodePng, Interlaced) {
  const Image image =
      DecodeImage(pictures::Bytes(pictures::kInterlaced), "picture");
  ASSERT_EQ(image.width, 3);
  ASSERT_EQ(image.height, 3);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int c = 0; c < 3; ++c) {
        EXPECT_EQ(image.rgb[3 * (3 * y + x) + c], 100 * c + 10 * y + x);
      }
    }
  }
}

TEST(DecodePng, DamageIsAnError) {
  EXPECT_THAT(Complaint(pictures::Bytes(pictures::kBadChecksum)),
              HasSubstr("CRC"));
  EXPECT_THAT(Complaint(pictures::Bytes(pictures::kBadPalette)),
              HasSubstr("colour 3, but the palette has 3"));
}

TEST(DecodePng, SizeIsCheckedBeforeThePixels) {
  EXPECT_THAT(
      Complaint(pictures::Bytes(pictures::kHuge) +
                // An empty IDAT, for the header to be complete.
                pictures::Bytes("000000004944415435af061e")),
      HasSubstr("20000 x 20000 pixels are too many; at most 178956970"));
}

TEST(DecodeJpeg, Grey) {
  const Image image =
      DecodeImage(pictures::Bytes(pictures::kGreyJpeg), "picture");
  EXPECT_EQ(image.width, 3);
  EXPECT_EQ(image.height, 2);
  EXPECT_EQ(image.rgb, std::vector<std::uint8_t>(18, 77));
}

TEST(DecodeJpeg, ProgressiveColour) {
  EXPECT_THAT(PixelsOf(pictures::kRedProgressiveJpeg),
              ElementsAre(254, 0, 0, 254, 0, 0));
}

TEST(DecodeJpeg, InvertedInks) {
  // 200 * 128 / 255 = 100.4, 100 * 128 / 255 = 50.2, 50 * 128 / 255 = 25.1
  EXPECT_THAT(PixelsOf(pictures::kCmykJpeg),
              ElementsAre(100, 50, 25, 100, 50, 25));
  // R = 200 + 1.402 * (50 - 128) = 91, B = 200 + 1.772 * (100 - 128) = 150, G
  // beyond 255; inverted 164, 105, 0, then times 128 / 255.
  EXPECT_THAT(PixelsOf(pictures::kYcckJpeg), ElementsAre(82, 0, 53, 82, 0, 53));
}

TEST(DecodeJpeg, EveryCutIsAnError) {
  for (std::string_view hex :
       {pictures::kGreyJpeg, pictures::kRedProgressiveJpeg,
        pictures::kCmykJpeg}) {
    const std::string bytes = pictures::Bytes(hex);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THROW(DecodeImage(bytes.substr(0, size), "picture"), Error)
          << size << " of " << bytes.size();
    }
  }
}

TEST(DecodeJpeg, SizeIsCheckedBeforeThePixels) {
  std::string bytes = pictures::Bytes(pictures::kGreyJpeg);
  // Start of frame: marker, length (2), precision (1), height, width.
  const std::size_t frame = bytes.find("\xFF\xC0");
  ASSERT_NE(frame, bytes.npos);
  bytes.replace(frame + 5, 4, "\xFD\xE8\xFD\xE8");
  EXPECT_THAT(Complaint(bytes), HasSubstr("65000 x 65000 pixels are too many"));
}

TEST(DecodeJpeg, EndlessScansAreStopped) {
  std::string bytes = pictures::Bytes(pictures::kRedProgressiveJpeg);
  // From the first start of scan to the next marker (0xFF 0x00 is data).
  const std::size_t begin = bytes.find("\xFF\xDA");
  ASSERT_NE(begin, bytes.npos);
  std::size_t end = begin + 2;
  while (bytes[end] != '\xFF' || bytes[end + 1] == '\0') ++end;
  const std::string scan = bytes.substr(begin, end - begin);
  for (int i = 0; i < 600; ++i) bytes.insert(end, scan);
  EXPECT_THAT(Complaint(bytes), HasSubstr("stopped after 500 scans"));
}

TEST(DecodeJpeg, StrayBytesBeforeAMarkerAreRead) {
  std::string bytes = pictures::Bytes(pictures::kGreyJpeg);
  bytes.insert(bytes.size() - 2, std::string(3, '\0'));
  EXPECT_EQ(DecodeImage(bytes, "picture").rgb,
            std::vector<std::uint8_t>(18, 77));
}

TEST(DecodeImage, OtherFormatsAreNamed) {
  using namespace std::string_view_literals;
  EXPECT_THAT(Complaint(""), HasSubstr("an empty file"));
  EXPECT_THAT(Complaint("GIF89a....."), HasSubstr("looks like GIF"));
  EXPECT_THAT(Complaint("RIFF\x10\0\0\0WEBPVP8 "sv),
              HasSubstr("looks like WEBP"));
  EXPECT_THAT(Complaint("\n<!DOCTYPE html>"), HasSubstr("HTML"));
  EXPECT_THAT(Complaint("12345"), HasSubstr("only JPEG and PNG are read"));
}

TEST(DecodeImage, EveryCutOfAPngIsWholeOrAnError) {
  for (std::string_view hex : {pictures::kGrey1, pictures::kRgba,
                               pictures::kPalette, pictures::kInterlaced}) {
    const std::string bytes = pictures::Bytes(hex);
    const Image whole = DecodeImage(bytes, "picture");
    // IEND and the last byte of the pixels' checksum: 12 + 1.
    for (std::size_t size = 0; size + 12 < bytes.size(); ++size) {
      EXPECT_THROW(DecodeImage(bytes.substr(0, size), "picture"), Error)
          << size << " of " << bytes.size();
    }
    EXPECT_EQ(DecodeImage(bytes.substr(0, bytes.size() - 12), "picture").rgb,
              whole.rgb);
  }
}

// Nothing but Error may come out, whatever the bytes.
TEST(DecodeImage, DamagedBytesNeverCrash) {
  Random random(1, "damaged pictures");
  int read = 0, refused = 0;
  for (std::string_view hex :
       {pictures::kGrey1, pictures::kGreyAlpha, pictures::kPalette,
        pictures::kInterlaced, pictures::kGreyJpeg,
        pictures::kRedProgressiveJpeg, pictures::kCmykJpeg}) {
    const std::string whole = pictures::Bytes(hex);
    for (int i = 0; i < 300; ++i) {
      std::string bytes = whole;
      const std::uint64_t changes = 1 + random.Below(4);
      for (std::uint64_t k = 0; k < changes; ++k) {
        bytes[random.Below(bytes.size())] =
            static_cast<char>(random.Below(256));
      }
      try {
        const Image image = DecodeImage(bytes, "picture");
        EXPECT_EQ(static_cast<std::int64_t>(image.rgb.size()),
                  3 * image.width * image.height);
        ++read;
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), StartsWith("picture: "));
        ++refused;
      }
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_GT(refused, 0);
}

TEST(ReadImage, GoesByTheBytesNotTheName) {
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / "read_image_test.png";
  std::ofstream(file, std::ios::binary) << pictures::Bytes(pictures::kGreyJpeg);
  EXPECT_EQ(ReadImage(file).rgb, std::vector<std::uint8_t>(18, 77));
  std::filesystem::remove(file);
  try {
    ReadImage(file);
    ADD_FAILURE() << "read a file that is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kData);
    EXPECT_THAT(error.what(), HasSubstr("read_image_test.png"));
  }
}

}  // namespace
}  // namespace msdbench
