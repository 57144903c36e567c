#include "reports/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace msdbench {
namespace {

TEST(Summarize, HandWorked) {
  // Mean 5; squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over 7.
  const Summary summary = Summarize({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(summary.n, 8u);
  EXPECT_DOUBLE_EQ(*summary.mean, 5);
  EXPECT_DOUBLE_EQ(*summary.sd, std::sqrt(32.0 / 7));
}

TEST(Summarize, OneValueHasNoSpreadAndNoneHasNoMean) {
  const Summary one = Summarize({0.7});
  EXPECT_EQ(one.n, 1u);
  EXPECT_DOUBLE_EQ(*one.mean, 0.7);
  EXPECT_FALSE(one.sd.has_value());
  const Summary none = Summarize({});
  EXPECT_EQ(none.n, 0u);
  EXPECT_FALSE(none.mean.has_value());
  EXPECT_FALSE(none.sd.has_value());
}

TEST(Summarize, EqualValuesHaveNoSpread) {
  // A sum of squares minus squared sum would leave rounding noise or NaN.
  EXPECT_EQ(*Summarize({0.1, 0.1, 0.1}).sd, 0);
}

TEST(Summarize, ALargeOffsetCostsNoDigits) {
  // 4, 7, 13, 16 have mean 10 and variance 30, and so they do a billion up.
  const Summary summary = Summarize({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  EXPECT_DOUBLE_EQ(*summary.mean, 1e9 + 10);
  EXPECT_DOUBLE_EQ(*summary.sd, std::sqrt(30.0));
}

TEST(PairedDifference, OverCommonSeedsOnly) {
  // Common seeds 1, 2, 3: differences 2, 3, 4.
  const BySeed a = {{0, 100}, {1, 12}, {2, 13}, {3, 14}};
  const BySeed b = {{1, 10}, {2, 10}, {3, 10}, {9, -50}};
  const Summary difference = PairedDifference(a, b);
  EXPECT_EQ(difference.n, 3u);
  EXPECT_DOUBLE_EQ(*difference.mean, 3);
  EXPECT_DOUBLE_EQ(*difference.sd, 1);
  EXPECT_DOUBLE_EQ(*PairedDifference(b, a).mean, -3);
}

TEST(PairedDifference, PairingRemovesWhatSeedsShare) {
  // Spread of each is 10 points, of the difference none.
  const BySeed a = {{1, 51}, {2, 61}, {3, 71}};
  const BySeed b = {{1, 50}, {2, 60}, {3, 70}};
  EXPECT_DOUBLE_EQ(*PairedDifference(a, b).sd, 0);
}

TEST(PairedDifference, NothingInCommon) {
  const Summary difference = PairedDifference({{1, 1}}, {{2, 2}});
  EXPECT_EQ(difference.n, 0u);
  EXPECT_FALSE(difference.mean.has_value());
}

}  // namespace
}  // namespace msdbench
