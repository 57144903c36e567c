// Pixels from the cache are those of the files, and of no others.

#include "benchmarks/cached_pixels.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/image/image.h"
#include "reports/file_state.h"
#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CachedPixels : public testing::Test {
 protected:
  CachedPixels() {
    split_.input.image_size = 2;
    for (int i = 0; i < 3; ++i) {
      split_.images.push_back(tree_.root() / (std::to_string(i) + ".png"));
      Paint(i, static_cast<std::uint8_t>(40 * i));
    }
  }

  // Of one colour, so that files of any colour have one length.
  void Paint(int image, std::uint8_t level) const {
    const Image dot{1, 1, {level, level, level}};
    tree_.Write(std::to_string(image) + ".png", EncodePng(dot));
  }

  at::Tensor Put() {
    PutPixels(split_, tree_.root() / "cache", 2);
    return split_.pixels;
  }

  Tree tree_;
  EncodedSplit split_;
};

TEST_F(CachedPixels, AreThoseOfTheFiles) {
  const at::Tensor decoded = DecodeImages(split_.images, 2, 1);
  EXPECT_TRUE(at::equal(Put(), decoded));
  EXPECT_TRUE(at::equal(Put(), decoded));
  PutPixels(split_, {}, 1);
  EXPECT_TRUE(at::equal(split_.pixels, decoded));
}

TEST_F(CachedPixels, AreNotDecodedAgain) {
  Put();
  const auto kept = fs::directory_iterator(tree_.root() / "cache/pixels");
  const std::string before = FileState(kept->path());
  Put();
  EXPECT_EQ(FileState(kept->path()), before);
}

TEST_F(CachedPixels, AreNewForAFileReplacedByOneAsLong) {
  const at::Tensor first = Put().clone();
  const auto size = fs::file_size(split_.images[1]);
  const auto time = fs::last_write_time(split_.images[1]);
  Paint(1, 200);
  ASSERT_EQ(fs::file_size(split_.images[1]), size);
  fs::last_write_time(split_.images[1], time);
  const at::Tensor second = Put();
  EXPECT_FALSE(at::equal(second, first));
  EXPECT_EQ(second[1][0][0][0].item<int>(), 200);
}

TEST_F(CachedPixels, UnreadableFilesAreCountedAndNothingIsKept) {
  tree_.Write("0.png", "GIF89a");
  tree_.Write("2.png", "GIF89a");
  const std::string what = ErrorOf([&] { Put(); });
  EXPECT_THAT(what, HasSubstr("0.png"));
  EXPECT_THAT(what, HasSubstr("and 1 more"));
  EXPECT_TRUE(fs::is_empty(tree_.root() / "cache/pixels"));
}

}  // namespace
}  // namespace msdbench
