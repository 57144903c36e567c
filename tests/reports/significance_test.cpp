#include "reports/significance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reports/random.h"

namespace msdbench {
namespace {

using testing::DoubleNear;
using testing::IsEmpty;
using testing::Not;
using testing::Pointwise;

// The soporifics of Student (1908): extra hours of sleep of ten patients. R's
// help page of t.test gives t = -4.0621, df = 9, p = 0.002833 for the pairs,
// SciPy 1.17's ttest_rel the further digits.
TEST(TestPaired, StudentsSleepData) {
  const std::vector<double> first = {0.7, -1.6, -0.2, -1.2, -0.1,
                                     3.4, 3.7,  0.8,  0.0,  2.0};
  const std::vector<double> second = {1.9, 0.8, 1.1, 0.1, -0.1,
                                      4.4, 5.5, 1.6, 4.6, 3.4};
  BySeed a, b;
  for (std::size_t i = 0; i < first.size(); ++i) {
    a[i] = first[i];
    b[i] = second[i];
  }
  const PairedTest test = TestPaired(PairedDifference(a, b));
  EXPECT_EQ(test.difference.n, 10u);
  EXPECT_NEAR(*test.difference.mean, -1.58, 1e-12);
  EXPECT_NEAR(*test.t, -4.062127683382037, 1e-12);
  EXPECT_NEAR(*test.p, 0.002832890197384273, 1e-14);
  EXPECT_TRUE(test.reason.empty());
  // The other way round only the sign changes.
  const PairedTest reverse = TestPaired(PairedDifference(b, a));
  EXPECT_DOUBLE_EQ(*reverse.t, -*test.t);
  EXPECT_DOUBLE_EQ(*reverse.p, *test.p);
}

// With one degree of freedom the distribution is Cauchy's, with two there is a
// closed form, F(t) = 1/2 + t / (2 sqrt(2 + t^2)).
TEST(TestPaired, ClosedForms) {
  const PairedTest one = TestPaired(Summarize({0.02, 0.01}));
  EXPECT_NEAR(*one.t, 3, 1e-12);
  EXPECT_NEAR(*one.p, 1 - 2 * std::atan(3) / std::acos(-1), 1e-12);
  const PairedTest two = TestPaired(Summarize({0.01, 0.02, 0.03}));
  EXPECT_NEAR(*two.t, 2 * std::sqrt(3), 1e-12);
  EXPECT_NEAR(*two.p, 1 - std::sqrt(12.0 / 14), 1e-12);
}

// SciPy 1.17, ttest_1samp.
TEST(TestPaired, MoreValuesOfAnotherProgram) {
  const PairedTest far =
      TestPaired(Summarize({0.011, 0.012, 0.009, 0.0105, 0.0101, 0.0098}));
  EXPECT_NEAR(*far.t, 24.65036408327881, 1e-9);
  EXPECT_NEAR(*far.p, 2.049084029751164e-06, 1e-15);
  const PairedTest near = TestPaired(Summarize({-0.03, 0.01, -0.02, 0.005}));
  EXPECT_NEAR(*near.t, -0.9062168892044163, 1e-12);
  EXPECT_NEAR(*near.p, 0.43162590169393056, 1e-12);
}

TEST(TestPaired, FewerThanTwoPairsAreNoTest) {
  for (const Summary& few : {Summarize({}), Summarize({0.3})}) {
    const PairedTest test = TestPaired(few);
    EXPECT_FALSE(test.t || test.p);
    EXPECT_EQ(test.reason, "a test takes two or more seeds");
  }
}

TEST(TestPaired, TheSameDifferenceEverywhereIsNoTest) {
  // Not quite the same number in double precision, and so with a tiny spread.
  const PairedTest test = TestPaired(PairedDifference(
      {{1, 0.72}, {2, 0.73}, {3, 0.05}}, {{1, 0.70}, {2, 0.71}, {3, 0.03}}));
  EXPECT_NE(*test.difference.sd, 0);
  EXPECT_FALSE(test.t || test.p);
  EXPECT_THAT(test.reason, Not(IsEmpty()));
}

TEST(TestPaired, EqualValuesHaveP1) {
  EXPECT_EQ(TestPaired(Summarize({0, 0, 0})).p, 1.0);
  // 0.1 + 0.2 - 0.3 is not 0 but should be.
  EXPECT_EQ(TestPaired(Summarize({0.1 + 0.2 - 0.3, 0, 0})).p, 1.0);
}

// 0.005 * 4, 0.01 * 3, 0.03 * 2, and 0.04 * 1 lifted to the one before. R's
// p.adjust(method = "holm") gives the same.
TEST(HolmAdjusted, HandWorked) {
  EXPECT_THAT(HolmAdjusted({0.01, 0.04, 0.03, 0.005}),
              Pointwise(DoubleNear(1e-15), {0.03, 0.06, 0.06, 0.02}));
  EXPECT_THAT(HolmAdjusted({0.6, 0.5}),
              Pointwise(DoubleNear(1e-15), {1.0, 1.0}));
  EXPECT_THAT(HolmAdjusted({0.04}), Pointwise(DoubleNear(0), {0.04}));
  EXPECT_THAT(HolmAdjusted({}), IsEmpty());
}

TEST(HolmAdjusted, PropertiesOfRandomFamilies) {
  Random random(1, "holm");
  for (int round = 0; round < 200; ++round) {
    std::vector<double> p(1 + random.Below(30));
    // Every third value is taken from a coarse grid, to get ties.
    for (double& value : p) {
      value = random.Uniform();
      if (random.Below(3) == 0) value = std::round(value * 10) / 10;
    }
    const std::vector<double> adjusted = HolmAdjusted(p);
    const auto size = static_cast<double>(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) {
      EXPECT_GE(adjusted[i], p[i]);
      EXPECT_LE(adjusted[i], std::min(1.0, size * p[i]));  // Bonferroni's
      for (std::size_t j = 0; j < p.size(); ++j) {
        if (p[i] > p[j]) continue;
        EXPECT_LE(adjusted[i], adjusted[j]);
      }
    }
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), 0);
    random.Shuffle(order);
    std::vector<double> shuffled;
    for (std::size_t i : order) shuffled.push_back(p[i]);
    const std::vector<double> again = HolmAdjusted(shuffled);
    for (std::size_t i = 0; i < order.size(); ++i) {
      EXPECT_EQ(again[i], adjusted[order[i]]);
    }
  }
}

TEST(FirstClaimThreshold, IsWhereHolmsFirstStepBegins) {
  // SciPy 1.17, t.isf(0.025 / 40, 4) / sqrt(5).
  EXPECT_NEAR(FirstClaimThreshold(5, 40), 3.6321062621074773, 1e-9);
  for (std::size_t n : {2, 3, 10}) {
    for (std::size_t tests : {1, 6}) {
      Summary difference{n, FirstClaimThreshold(n, tests), 1};
      std::vector<double> p(tests, 1.0);
      p[0] = *TestPaired(difference).p;
      EXPECT_NEAR(HolmAdjusted(p)[0], kSignificanceLevel, 1e-9);
    }
  }
}

}  // namespace
}  // namespace msdbench
