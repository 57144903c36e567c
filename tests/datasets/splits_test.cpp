#include "datasets/splits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "reports/error.h"
#include "reports/random.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::HasSubstr;

// 300 examples of 60 images in a mixed order; image i has 1 to 9 examples.
std::vector<Example> MixedExamples() {
  std::vector<Example> examples;
  for (int image = 0; image < 60; ++image) {
    for (int k = 0; k < 1 + (image * 7) % 9; ++k) {
      Example example;
      example.image = "img/" + std::to_string(image) + ".png";
      examples.push_back(example);
    }
  }
  Random(5, "test").Shuffle(examples);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    examples[i].id = std::to_string(i);
  }
  return examples;
}

std::vector<int> Ids(const std::vector<Example>& examples) {
  std::vector<int> ids;
  for (const Example& example : examples) ids.push_back(std::stoi(example.id));
  return ids;
}

std::set<std::string> ImagesOf(const std::vector<Example>& examples) {
  std::set<std::string> images;
  for (const Example& example : examples) images.insert(example.image.string());
  return images;
}

class CutFraction : public testing::TestWithParam<double> {};

TEST_P(CutFraction, MovesWholeImagesKeepsOrderAndLosesNothing) {
  const auto examples = MixedExamples();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto [kept, moved] = CutByImage(examples, GetParam(), seed);
    ASSERT_FALSE(kept.empty());
    ASSERT_FALSE(moved.empty());
    const auto kept_ids = Ids(kept), moved_ids = Ids(moved);
    EXPECT_TRUE(std::is_sorted(kept_ids.begin(), kept_ids.end()));
    EXPECT_TRUE(std::is_sorted(moved_ids.begin(), moved_ids.end()));
    std::set<int> all(kept_ids.begin(), kept_ids.end());
    all.insert(moved_ids.begin(), moved_ids.end());
    EXPECT_EQ(all.size(), examples.size());
    EXPECT_EQ(kept.size() + moved.size(), examples.size());
    for (const std::string& image : ImagesOf(moved)) {
      EXPECT_EQ(ImagesOf(kept).count(image), 0U) << image;
    }
    // Off by at most the last image, of at most 9 examples.
    EXPECT_NEAR(static_cast<double>(moved.size()),
                GetParam() * static_cast<double>(examples.size()), 9);
  }
}

INSTANTIATE_TEST_SUITE_P(Shares, CutFraction,
                         testing::Values(0.001, 0.1, 0.25, 0.5, 0.9, 0.999));

TEST(CutByImage, SeedDecidesTheDraw) {
  const auto examples = MixedExamples();
  const auto first = CutByImage(examples, 0.2, 7).second;
  EXPECT_EQ(Ids(first), Ids(CutByImage(examples, 0.2, 7).second));
  EXPECT_NE(ImagesOf(first), ImagesOf(CutByImage(examples, 0.2, 8).second));
}

TEST(CutByImage, EveryImageCanMove) {
  const auto examples = MixedExamples();
  std::set<std::string> moved;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto images = ImagesOf(CutByImage(examples, 0.2, seed).second);
    moved.insert(images.begin(), images.end());
  }
  EXPECT_EQ(moved.size(), 60U);
}

TEST(CutByImage, RefusesSharesAndSplitsItCannotCut) {
  const auto examples = MixedExamples();
  for (const double share : {0.0, 1.0, -0.5, 1.5, std::nan("")}) {
    EXPECT_THAT(
        ErrorOf([&] { CutByImage(examples, share, 0); }, ExitCode::kUsage),
        HasSubstr("expected more than 0 and less than 1"));
  }
  std::vector<Example> one_image(5);
  for (Example& example : one_image) example.image = "a.png";
  EXPECT_THAT(ErrorOf([&] { CutByImage(one_image, 0.5, 0); }, ExitCode::kUsage),
              HasSubstr("1 image(s) cannot be cut"));
  EXPECT_THAT(ErrorOf([&] { CutByImage({}, 0.5, 0); }, ExitCode::kUsage),
              HasSubstr("0 image(s) cannot be cut"));
}

TEST(LimitByImage, KeepsExactlyThatManyInOrderCuttingOneImageAtMost) {
  const auto examples = MixedExamples();
  std::map<std::string, int> whole;
  for (const Example& example : examples) ++whole[example.image.string()];
  for (const std::int64_t limit : {1, 2, 17, 100, 299}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const auto kept = LimitByImage(examples, limit, seed);
      ASSERT_EQ(static_cast<std::int64_t>(kept.size()),
                std::min<std::int64_t>(
                    limit, static_cast<std::int64_t>(examples.size())));
      const auto ids = Ids(kept);
      EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
      std::map<std::string, int> counts;
      for (const Example& example : kept) ++counts[example.image.string()];
      int cut = 0;
      for (const auto& [image, count] : counts) cut += count < whole[image];
      EXPECT_LE(cut, 1);
    }
  }
}

TEST(LimitByImage, ZeroOrMoreThanThereAreKeepsAll) {
  const auto examples = MixedExamples();
  EXPECT_EQ(Ids(LimitByImage(examples, 0, 3)), Ids(examples));
  EXPECT_EQ(Ids(LimitByImage(examples, 100000, 3)), Ids(examples));
  EXPECT_THAT(ErrorOf([&] { LimitByImage(examples, -1, 3); }, ExitCode::kUsage),
              HasSubstr("-1"));
}

TEST(LimitByImage, SeedDecidesTheDrawAndALargerLimitOnlyAdds) {
  const auto examples = MixedExamples();
  EXPECT_EQ(Ids(LimitByImage(examples, 50, 1)),
            Ids(LimitByImage(examples, 50, 1)));
  EXPECT_NE(Ids(LimitByImage(examples, 50, 1)),
            Ids(LimitByImage(examples, 50, 2)));
  const auto small = Ids(LimitByImage(examples, 50, 1));
  const auto large = Ids(LimitByImage(examples, 120, 1));
  EXPECT_TRUE(
      std::includes(large.begin(), large.end(), small.begin(), small.end()));
}

}  // namespace
}  // namespace msdbench
