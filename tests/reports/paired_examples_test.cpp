// Tests of two models on the same examples: what must hold for any data.

#include "reports/paired_examples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "reports/delong.h"
#include "reports/mcnemar.h"
#include "reports/micro_f1.h"
#include "reports/sign_flip.h"

namespace msdbench {
namespace {

using Numbers = std::vector<double>;

// What two models say of the same examples, in each test's terms.
struct Drawn {
  std::vector<char> positive;
  Numbers first_scores, second_scores;    // for areas
  Numbers first_correct, second_correct;  // for accuracies
  Numbers first_credits, second_credits;
  std::vector<LabelCounts> first_counts, second_counts;
};

LabelCounts DrawCounts(Random& random, std::uint32_t actual) {
  const auto hit = static_cast<std::uint32_t>(random.Below(actual + 1));
  return {hit, hit + static_cast<std::uint32_t>(random.Below(3)), actual};
}

// `advantage` makes the first model better.
Drawn Draw(std::size_t n, Random& random, double advantage = 0) {
  constexpr double kCredits[] = {0, 0.3, 0.6, 0.9, 1};
  const auto credit = [&](double more) {
    const double place = 5 * random.Uniform() + 5 * more;
    return kCredits[std::min<std::size_t>(4, static_cast<std::size_t>(place))];
  };
  Drawn drawn;
  for (std::size_t i = 0; i < n; ++i) {
    const bool positive = i < 2 || (i > 3 && random.Below(2) == 0);
    drawn.positive.push_back(positive);
    const double common = random.Normal();
    drawn.first_scores.push_back(common + random.Normal() +
                                 (positive ? 1 + 3 * advantage : 0));
    drawn.second_scores.push_back(common + random.Normal() + positive);
    drawn.first_correct.push_back(random.Uniform() < 0.6 + advantage);
    drawn.second_correct.push_back(random.Uniform() < 0.6);
    drawn.first_credits.push_back(credit(advantage));
    drawn.second_credits.push_back(credit(0));
    const auto actual = 1 + static_cast<std::uint32_t>(random.Below(4));
    drawn.first_counts.push_back(random.Uniform() < advantage
                                     ? LabelCounts{actual, actual, actual}
                                     : DrawCounts(random, actual));
    drawn.second_counts.push_back(DrawCounts(random, actual));
  }
  return drawn;
}

using Test = std::function<ExampleTest(const Drawn&)>;

ExampleTest Areas(const Drawn& drawn) {
  return TestAreas(PlacementsOf(drawn.first_scores, drawn.positive),
                   PlacementsOf(drawn.second_scores, drawn.positive));
}
ExampleTest Accuracies(const Drawn& drawn) {
  return TestAccuracies(drawn.first_correct, drawn.second_correct);
}
ExampleTest Credits(const Drawn& drawn) {
  return TestCredits(drawn.first_credits, drawn.second_credits,
                     Random(3, "credits"));
}
ExampleTest Labels(const Drawn& drawn) {
  return TestMicroF1(drawn.first_counts, drawn.second_counts,
                     Random(3, "labels"));
}

Drawn Swapped(Drawn drawn) {
  std::swap(drawn.first_scores, drawn.second_scores);
  std::swap(drawn.first_correct, drawn.second_correct);
  std::swap(drawn.first_credits, drawn.second_credits);
  std::swap(drawn.first_counts, drawn.second_counts);
  return drawn;
}

template <typename T>
std::vector<T> At(const std::vector<T>& values,
                  const std::vector<std::size_t>& places) {
  std::vector<T> moved;
  for (std::size_t place : places) moved.push_back(values[place]);
  return moved;
}

Drawn Shuffled(const Drawn& drawn, Random& random) {
  std::vector<std::size_t> places(drawn.positive.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  random.Shuffle(places);
  return {At(drawn.positive, places),       At(drawn.first_scores, places),
          At(drawn.second_scores, places),  At(drawn.first_correct, places),
          At(drawn.second_correct, places), At(drawn.first_credits, places),
          At(drawn.second_credits, places), At(drawn.first_counts, places),
          At(drawn.second_counts, places)};
}

Drawn SameModelTwice(Drawn drawn) {
  drawn.second_scores = drawn.first_scores;
  drawn.second_correct = drawn.first_correct;
  drawn.second_credits = drawn.first_credits;
  drawn.second_counts = drawn.first_counts;
  return drawn;
}

struct NamedTest {
  const char* name;
  Test test;
  bool draws;  // of samples, so that their order matters a little
};

class ExampleTests : public testing::TestWithParam<NamedTest> {};

INSTANTIATE_TEST_SUITE_P(, ExampleTests,
                         testing::Values(NamedTest{"Areas", Areas, false},
                                         NamedTest{"Accuracies", Accuracies,
                                                   false},
                                         NamedTest{"Credits", Credits, false},
                                         NamedTest{"MicroF1", Labels, true}),
                         [](const testing::TestParamInfo<NamedTest>& one) {
                           return std::string(one.param.name);
                         });

TEST_P(ExampleTests, SwappingTheModelsTurnsTheSigns) {
  Random random(30, "swap");
  for (std::size_t n : {10, 30, 200}) {
    const Drawn drawn = Draw(n, random, 0.1);
    const ExampleTest one = GetParam().test(drawn);
    const ExampleTest other = GetParam().test(Swapped(drawn));
    ASSERT_TRUE(one.p && one.interval);
    EXPECT_EQ(one.examples, n);
    EXPECT_NEAR(*one.difference, -*other.difference, 1e-12);
    EXPECT_NEAR(*one.p, *other.p, 1e-12);
    EXPECT_NEAR(one.interval->low, -other.interval->high, 1e-12);
    EXPECT_NEAR(one.interval->high, -other.interval->low, 1e-12);
  }
}

TEST_P(ExampleTests, TheOrderOfExamplesDoesNotMatter) {
  Random random(31, "order");
  const Drawn drawn = Draw(60, random, 0.1);
  const ExampleTest one = GetParam().test(drawn);
  const ExampleTest other = GetParam().test(Shuffled(drawn, random));
  EXPECT_NEAR(*one.difference, *other.difference, 1e-12);
  // Five standard errors of the difference of two drawn p at worst, 1/2; an
  // end of the interval is a quantile, some ten times as sharp as its width.
  const double p_error = GetParam().draws ? 5 * std::sqrt(0.5 / 10000) : 1e-12;
  const double end_error =
      GetParam().draws ? 0.1 * (one.interval->high - one.interval->low) : 1e-12;
  EXPECT_NEAR(*one.p, *other.p, p_error);
  EXPECT_NEAR(one.interval->low, other.interval->low, end_error);
}

TEST_P(ExampleTests, AModelDoesNotDifferFromItself) {
  Random random(32, "same");
  const ExampleTest test =
      GetParam().test(SameModelTwice(Draw(50, random, 0.2)));
  EXPECT_EQ(test.difference, 0.0);
  EXPECT_EQ(test.p, 1.0);
}

TEST_P(ExampleTests, AClearDifferenceIsFound) {
  Random random(33, "clear");
  const ExampleTest test = GetParam().test(Draw(400, random, 0.35));
  EXPECT_GT(*test.difference, 0);
  EXPECT_LT(*test.p, 0.001);
  EXPECT_GT(test.interval->low, 0);
}

// p is at most x in a share of x of the draws or, where p is coarse or only
// nearly exact, not much more; and it is not always near 1. The bound is five
// standard errors above the share.
TEST_P(ExampleTests, PIsUniformWhereNothingDiffers) {
  Random random(34, "null");
  const int draws = GetParam().draws ? 200 : 2000;
  int least = 0, tenth = 0, half = 0;
  for (int i = 0; i < draws; ++i) {
    const ExampleTest test = GetParam().test(Draw(80, random));
    ASSERT_GE(*test.p, 0);
    ASSERT_LE(*test.p, 1);
    least += *test.p <= 0.05;
    tenth += *test.p <= 0.1;
    half += *test.p <= 0.5;
  }
  const auto bound = [&](double share) {
    return draws * share + 5 * std::sqrt(draws * share * (1 - share));
  };
  EXPECT_LE(least, bound(0.05));
  EXPECT_LE(tenth, bound(0.1));
  EXPECT_LE(half, bound(0.5));
  EXPECT_GE(half, draws / 4);
}

TEST(McNemar, HandWorked) {
  // Of five examples that only one model got right, all are the first's: 2/32.
  EXPECT_DOUBLE_EQ(McNemarP(5, 0), 0.0625);
  EXPECT_DOUBLE_EQ(McNemarP(0, 5), 0.0625);
  // 1 of 4: 2 * (1 + 4) / 16.
  EXPECT_DOUBLE_EQ(McNemarP(1, 3), 0.625);
  EXPECT_EQ(McNemarP(4, 4), 1);
  EXPECT_EQ(McNemarP(0, 0), 1);
}

TEST(McNemar, WrongOnAllButEqualStillHasAnInterval) {
  const ExampleTest test = TestAccuracies(Numbers(20, 0), Numbers(20, 0));
  EXPECT_LT(test.interval->low, 0);
  EXPECT_GT(test.interval->high, 0);
}

// Every pattern of signs is summed; the test may group and walk them as it
// likes.
TEST(SignFlip, IsTheShareOfAllPatternsUpToEightExamples) {
  Random random(35, "patterns");
  for (std::size_t n = 1; n <= 8; ++n) {
    for (int round = 0; round < 10; ++round) {
      Numbers first, second;
      std::vector<int> tenths;
      for (std::size_t i = 0; i < n; ++i) {
        first.push_back(static_cast<double>(random.Below(11)) / 10);
        second.push_back(static_cast<double>(random.Below(11)) / 10);
        tenths.push_back(
            static_cast<int>(std::lround(10 * (first[i] - second[i]))));
      }
      const int seen =
          std::abs(std::accumulate(tenths.begin(), tenths.end(), 0));
      int as_far = 0;
      for (unsigned pattern = 0; pattern < (1u << n); ++pattern) {
        int sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
          sum += (pattern >> i & 1) != 0 ? tenths[i] : -tenths[i];
        }
        as_far += std::abs(sum) >= seen;
      }
      EXPECT_DOUBLE_EQ(*TestCredits(first, second, Random(0, "")).p,
                       static_cast<double>(as_far) / (1u << n));
    }
  }
}

TEST(SignFlip, ADrawnPIsNeverZeroAndTheSameEveryTime) {
  const Numbers all(500, 1), none(500, 0);
  const ExampleTest test = TestCredits(all, none, Random(1, "x"));
  EXPECT_DOUBLE_EQ(*test.p, 1.0 / 10001);
  EXPECT_FALSE(test.interval.has_value());  // the same on every example
  Random random(36, "again");
  const Drawn drawn = Draw(200, random);
  EXPECT_EQ(*Credits(drawn).p, *Credits(drawn).p);
}

TEST(DeLong, NeedsTwoExamplesOfEitherClass) {
  const auto test = [](std::vector<char> positive) {
    return TestAreas(PlacementsOf({0.1, 0.2, 0.3}, positive),
                     PlacementsOf({0.3, 0.2, 0.1}, positive));
  };
  for (const auto& positive :
       {std::vector<char>{1, 1, 1}, {0, 0, 0}, {1, 0, 0}, {1, 1, 0}}) {
    const ExampleTest none = test(positive);
    EXPECT_FALSE(none.p || none.interval || none.difference);
    EXPECT_EQ(none.reason,
              "the test takes two or more examples of either class");
  }
  EXPECT_FALSE(AreaOf(PlacementsOf({0.1, 0.2}, {1, 1})).area.has_value());
  EXPECT_EQ(AreaOf(PlacementsOf({0.1, 0.2}, {0, 1})).area, 1.0);
}

TEST(DeLong, ADifferenceWithoutVarianceHasNoP) {
  // Right on every pair against wrong on every pair.
  const std::vector<char> positive = {0, 0, 1, 1};
  const ExampleTest test = TestAreas(PlacementsOf({1, 2, 3, 4}, positive),
                                     PlacementsOf({4, 3, 2, 1}, positive));
  EXPECT_EQ(test.difference, 1.0);
  EXPECT_FALSE(test.p || test.interval);
  EXPECT_EQ(test.reason, "the same difference on every example: no test");
}

TEST(MicroF1, NothingPredictedAndNothingTrueIsZeroWithoutAnError) {
  EXPECT_EQ(MicroF1({{0, 0, 0}, {0, 0, 0}}), 0);
  EXPECT_FALSE(MicroF1StandardError({{0, 0, 0}, {0, 0, 0}}).has_value());
  EXPECT_EQ(TestMicroF1({{0, 0, 0}}, {{0, 0, 0}}, Random(0, "")).reason,
            "the test takes two or more examples");
}

TEST(MeanStandardError, IsTheDeviationOverTheRootOfN) {
  // Of 0, 0, 1, 1: variance 1/3, over 4.
  EXPECT_DOUBLE_EQ(*MeanStandardError({0, 0, 1, 1}), std::sqrt(1.0 / 12));
  EXPECT_FALSE(MeanStandardError({1}).has_value());
}

}  // namespace
}  // namespace msdbench
