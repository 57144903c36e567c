#include "datasets/image/pixel_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "datasets/image/stored_image.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

PixelRow Row(std::int64_t height, std::int64_t width,
             const std::vector<std::int32_t>& values) {
  PixelRow row{height, width, std::string(4 * values.size(), '\0')};
  std::memcpy(row.bytes.data(), values.data(), row.bytes.size());
  return row;
}

TEST(PixelRows, ARowHasAPathAndAPathItsRow) {
  const fs::path path = PixelRowPath({"/data/multimodal_imdb.hdf5", 123});
  EXPECT_EQ(path, "/data/multimodal_imdb.hdf5/images/00123");
  const auto place = ParsePixelRowPath(path);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->file, "/data/multimodal_imdb.hdf5");
  EXPECT_EQ(place->row, 123);
  EXPECT_EQ(ParsePixelRowPath("a.hdf5/images/1234567")->row, 1234567);
  for (const char* other :
       {"images/00123", "a.hdf5/images", "a.hdf5/images/", "a.hdf5/00123",
        "a.jpeg", "a.hdf5/images/1.png", "a.hdf5/images/-0001",
        "a.hdf5/pictures/1", "a.h5/images/1", "", "/",
        "a.hdf5/images/99999999999999999999"}) {
    EXPECT_FALSE(ParsePixelRowPath(other)) << other;
  }
}

// By hand: v less 103.939, 116.779, 123.68, the fraction cut off.
TEST(PixelRows, BytesComeBack) {
  // Blue 0, 255, 102, 105; green 0, 255, 115, 118; red 0, 255, 122, 125.
  const Image image = DecodePixelRow(
      Row(2, 2, {-103, 151, -1, 1, -116, 138, -1, 1, -123, 131, -1, 1}), "row");
  EXPECT_EQ(image.width, 2);
  EXPECT_EQ(image.height, 2);
  EXPECT_THAT(image.rgb, ElementsAre(0, 0, 0, 255, 255, 255,  //
                                     122, 115, 102, 125, 118, 105));
}

TEST(PixelRows, EveryByteComesBackButTheOneBelowEachMean) {
  constexpr double kMeans[] = {103.939, 116.779, 123.68};
  for (int channel = 0; channel < 3; ++channel) {
    for (int byte = 0; byte < 256; ++byte) {
      std::vector<std::int32_t> values = {0, 0, 0};
      values[static_cast<std::size_t>(channel)] =
          static_cast<std::int32_t>(byte - kMeans[channel]);
      const Image image = DecodePixelRow(Row(1, 1, values), "row");
      const int back = image.rgb[static_cast<std::size_t>(2 - channel)];
      const bool below = byte == static_cast<int>(kMeans[channel]);
      EXPECT_EQ(back, below ? byte + 1 : byte) << channel;
    }
  }
}

TEST(PixelRows, IntegersThatNoByteGivesAreErrors) {
  const auto error = [](const std::vector<std::int32_t>& values) {
    return ErrorOf([&] { DecodePixelRow(Row(1, 2, values), "row 7"); });
  };
  EXPECT_THAT(error({0, 152, 0, 0, 0, 0}),
              HasSubstr("row 7: 152 in channel 0, row 0, column 1, expected "
                        "-103 to 151"));
  EXPECT_THAT(error({-104, 0, 0, 0, 0, 0}), HasSubstr("-104 in channel 0"));
  EXPECT_THAT(error({0, 0, 139, 0, 0, 0}), HasSubstr("expected -116 to 138"));
  EXPECT_THAT(error({0, 0, 0, 0, 0, -2147483647}),
              HasSubstr("channel 2, row 0, column 1, expected -123 to 131"));
}

TEST(PixelRows, WithoutTheFileThereIsNoPicture) {
  Tree tree;
  const fs::path row = tree.root() / "no.hdf5/images/00000";
  EXPECT_FALSE(StoredImageSize(row));
  EXPECT_THAT(ErrorOf([&] { ReadImage(row); }), HasSubstr("no.hdf5: cannot"));
}

}  // namespace
}  // namespace msdbench
