#include "reports/resampling.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/across_scores.h"
#include "reports/detectable_difference.h"
#include "reports/significance.h"

namespace msdbench {
namespace {

TEST(Resampler, EveryPlaceIsAsLikely) {
  for (std::uint32_t n : {1u, 2u, 7u, 100u}) {
    Resampler resampler(Random(40, "places"));
    std::vector<int> drawn(n);
    constexpr int kDraws = 100'000;
    for (int i = 0; i < kDraws; ++i) ++drawn.at(resampler.Draw(n));
    // Chi-squared with n - 1 degrees of freedom: within five deviations.
    double squares = 0;
    const double wanted = static_cast<double>(kDraws) / n;
    for (int count : drawn) {
      squares += (count - wanted) * (count - wanted) / wanted;
    }
    EXPECT_NEAR(squares, n - 1, 5 * std::sqrt(2.0 * (n - 1)) + 1e-9);
  }
}

// The first draws of a stream: other numbers would change every report.
TEST(Resampler, IsTheSameOnEveryMachine) {
  Random plain(5, "stream");
  const std::uint64_t word = plain.Next();
  Resampler resampler(Random(5, "stream"));
  // floor(half * 1000 / 2^32), the lower half first.
  EXPECT_EQ(resampler.Draw(1000), (word & 0xffffffffu) * 1000 >> 32);
  EXPECT_EQ(resampler.Draw(1000), (word >> 32) * 1000 >> 32);
}

TEST(PercentileInterval, HoldsNineteenOfTwentyValues) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(i);
  const Interval interval = PercentileInterval(values);
  EXPECT_DOUBLE_EQ(interval.low, 25);
  EXPECT_DOUBLE_EQ(interval.high, 975);
}

// n (n - 1)^-1 and t by hand: 3 runs on each of 4 data sets, t with 8 degrees
// of freedom is 2.306, times sqrt(12 / 8) is 2.824.
TEST(ExpandedTail, IsWiderForFewRunsAndTheUsualForMany) {
  EXPECT_NEAR(ExpandedTail(12, 4), 0.00237, 1e-5);
  EXPECT_LT(ExpandedTail(4, 2), ExpandedTail(6, 2));
  EXPECT_NEAR(ExpandedTail(1'000'000, 1), kTail, 1e-6);
}

TEST(MeanInterval, IsThereOnlyWithASpread) {
  EXPECT_FALSE(MeanInterval(Summarize({})).has_value());
  EXPECT_FALSE(MeanInterval(Summarize({0.5})).has_value());
  EXPECT_FALSE(MeanInterval(Summarize({0.5, 0.5})).has_value());
  // With one degree of freedom t is tan(0.475 pi).
  const double reach = std::tan(0.475 * std::acos(-1.0));
  const auto interval = MeanInterval(Summarize({-1, 1}));
  EXPECT_NEAR(interval->low, -reach, 1e-9);
  EXPECT_NEAR(interval->high, reach, 1e-9);
}

// The interval leaves out 0 where, and only where, the test rejects 0.
TEST(MeanInterval, AgreesWithTheTest) {
  Random random(41, "agree");
  int rejected = 0;
  for (int i = 0; i < 500; ++i) {
    std::vector<double> values(2 + random.Below(9));
    for (double& value : values) value = 0.6 + random.Normal();
    const Summary summary = Summarize(values);
    const auto interval = MeanInterval(summary);
    const bool outside = interval->low > 0 || interval->high < 0;
    EXPECT_EQ(outside, *TestPaired(summary).p < kSignificanceLevel);
    rejected += outside;
  }
  EXPECT_GT(rejected, 50);
  EXPECT_LT(rejected, 450);
}

TEST(PairedPower, RisesFromTheLevelToOne) {
  for (std::size_t n : {2, 3, 5, 10}) {
    for (double level : {0.05, 0.05 / 40}) {
      EXPECT_NEAR(PairedPower(n, 0, level), level, 1e-9);
      double before = level;
      for (double effect : {0.5, 1.0, 2.0, 4.0, 8.0}) {
        const double power = PairedPower(n, effect, level);
        EXPECT_GE(power, before);
        if (before < 0.999) {
          EXPECT_GT(power, before);
        }
        EXPECT_LT(power, 1 + 1e-12);
        EXPECT_DOUBLE_EQ(PairedPower(n, -effect, level), power);
        before = power;
      }
    }
  }
}

// How often simulated seeds show the difference that they should show in 80 %
// of cases: within five standard errors of 4,000 draws.
TEST(DetectableEffect, IsShownInEightyPercentOfDraws) {
  Random random(42, "power");
  for (const auto& [n, tests] :
       {std::pair<std::size_t, std::size_t>{3, 1}, {5, 8}, {10, 40}}) {
    const double effect = DetectableEffect(n, tests);
    const double level = kSignificanceLevel / static_cast<double>(tests);
    int shown = 0;
    for (int i = 0; i < 4000; ++i) {
      std::vector<double> differences(n);
      for (double& value : differences) value = effect + random.Normal();
      shown += *TestPaired(Summarize(differences)).p <= level;
    }
    EXPECT_NEAR(shown / 4000.0, kPower, 5 * std::sqrt(0.16 / 4000));
  }
}

TEST(DetectableEffect, FallsWithSeedsAndRisesWithTests) {
  EXPECT_LT(DetectableEffect(10, 8), DetectableEffect(5, 8));
  EXPECT_LT(DetectableEffect(5, 8), DetectableEffect(5, 40));
  EXPECT_TRUE(std::isinf(DetectableEffect(2, 10000)));
  EXPECT_FALSE(std::isnan(DetectableEffect(3, 100000)));
}

TEST(InterquartileMean, HandWorked) {
  // 1 to 8 without the two lowest and the two highest.
  EXPECT_DOUBLE_EQ(InterquartileMean({{8, 1, 7, 2}, {3, 6, 4, 5}}), 4.5);
  // Fewer than four runs: nothing is cut off.
  EXPECT_DOUBLE_EQ(InterquartileMean({{1}, {2, 6}}), 3);
  // One wild run in eight does not move it.
  EXPECT_DOUBLE_EQ(InterquartileMean({{8, 1, 7, 2}, {3, 600, 4, 5}}), 4.75);
}

TEST(ProbabilityOfImprovement, HandWorked) {
  // 2 of 4 pairs won and one tied on the first data set, all on the second.
  EXPECT_DOUBLE_EQ(ProbabilityOfImprovement({{1, 3}, {5}}, {{1, 2}, {4, 4.5}}),
                   (2.5 / 4 + 1) / 2);
}

RunScores DrawScores(Random& random, double shift) {
  RunScores scores(3);
  for (auto& list : scores) {
    list.resize(2 + random.Below(4));
    for (double& value : list) {
      value = shift + std::round(20 * random.Uniform()) / 20;
    }
  }
  return scores;
}

TEST(ProbabilityOfImprovement, TheOtherWayRoundItIsTheRest) {
  Random random(43, "improvement");
  for (int i = 0; i < 100; ++i) {
    const RunScores a = DrawScores(random, 0.1), b = DrawScores(random, 0);
    EXPECT_NEAR(ProbabilityOfImprovement(a, b),
                1 - ProbabilityOfImprovement(b, a), 1e-12);
    EXPECT_DOUBLE_EQ(ProbabilityOfImprovement(a, a), 0.5);
  }
}

TEST(EstimateAcross, NeitherOrderNorOtherMethodsChangeAnything) {
  Random random(44, "across");
  const NamedScores kd{"kd", DrawScores(random, 0)};
  const NamedScores msd{"msd", DrawScores(random, 0.2)};
  const NamedScores at{"at", DrawScores(random, 0.1)};
  const auto two = EstimateAcross({kd, msd}, 0);
  const auto three = EstimateAcross({at, msd, kd}, 2);
  const auto same = [](const AcrossEstimate& a, const AcrossEstimate& b) {
    EXPECT_EQ(a.iqm, b.iqm);
    EXPECT_EQ(a.improvement, b.improvement);
    ASSERT_EQ(a.iqm_interval.has_value(), b.iqm_interval.has_value());
    if (!a.iqm_interval) return;
    EXPECT_EQ(a.iqm_interval->low, b.iqm_interval->low);
    EXPECT_EQ(a.iqm_interval->high, b.iqm_interval->high);
  };
  same(two[0], three[2]);
  same(two[1], three[1]);
  // The reference is what the others are measured by.
  EXPECT_FALSE(two[0].iqm_interval || two[0].improvement_interval);
  ASSERT_TRUE(two[1].iqm_interval);
  EXPECT_EQ(two[1].improvement_interval->low,
            three[1].improvement_interval->low);
  EXPECT_LE(two[1].iqm_interval->low, two[1].iqm);
  EXPECT_GE(two[1].iqm_interval->high, two[1].iqm);
}

// Enough runs for several threads.
TEST(EstimateAcross, ManyRunsGiveTheKnownWidthAndTheSameAgain) {
  Random random(45, "threads");
  std::vector<double> a(300), b(300);
  for (double& value : a) value = random.Uniform();
  for (double& value : b) value = random.Uniform();
  const std::vector<NamedScores> methods = {{"kd", {a, b}}, {"msd", {b, a}}};
  const auto once = EstimateAcross(methods, 0);
  const auto again = EstimateAcross(methods, 0);
  EXPECT_EQ(once[1].iqm_interval->low, again[1].iqm_interval->low);
  EXPECT_EQ(once[1].improvement_interval->high,
            again[1].improvement_interval->high);
  // The trimmed mean of n uniform values has the variance 1 / (6 n), the mean
  // of the reference's n 1 / (12 n): for 600 the interval is 0.080 wide.
  EXPECT_NEAR(once[1].iqm_interval->high - once[1].iqm_interval->low, 0.080,
              0.01);
}

TEST(EstimateAcross, ThreeRunsThatDoNotOverlapProveNothing) {
  const auto estimates =
      EstimateAcross({{"kd", {{0.5, 0.51, 0.52}, {0.6, 0.61, 0.62}}},
                      {"msd", {{0.7, 0.71, 0.72}, {0.8, 0.81, 0.82}}}},
                     0);
  EXPECT_DOUBLE_EQ(estimates[1].improvement, 1);
  EXPECT_FALSE(estimates[1].improvement_interval);
}

TEST(EstimateAcross, SingleRunsHaveNoIntervals) {
  const auto estimates =
      EstimateAcross({{"kd", {{0.5}, {0.6}}}, {"msd", {{0.7}, {0.5}}}}, 0);
  EXPECT_NEAR(estimates[1].iqm, 0.05, 1e-15);  // of 0.2 and -0.1
  EXPECT_DOUBLE_EQ(estimates[1].improvement, 0.5);
  EXPECT_FALSE(estimates[1].iqm_interval || estimates[1].improvement_interval);
}

// What one run of the reference leaves uncertain is not known, so neither is
// what a difference to it does.
TEST(EstimateAcross, ASingleRunOfTheReferenceLeavesNoInterval) {
  const auto estimates = EstimateAcross(
      {{"kd", {{0.5}, {0.6}}}, {"msd", {{0.7, 0.8}, {0.5, 0.6}}}}, 0);
  EXPECT_FALSE(estimates[1].iqm_interval || estimates[1].improvement_interval);
}

// The same noise in both, seed by seed: drawn together, it goes from the
// difference; as strangers, it counts twice.
TEST(EstimateAcross, SharedSeedsAreDrawnTogether) {
  Random random(46, "shared seeds");
  NamedScores kd{
      "kd", RunScores(3), {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}, {7, 8}}};
  NamedScores msd = kd;
  msd.name = "msd";
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t i = 0; i < kd.seeds[d].size(); ++i) {
      const double noise = random.Normal();
      kd.scores[d].push_back(noise);
      msd.scores[d].push_back(1 + noise + 0.01 * random.Normal());
    }
  }
  const auto width = [&](const NamedScores& other) {
    const auto estimates = EstimateAcross({kd, other}, 0);
    return estimates[1].iqm_interval->high - estimates[1].iqm_interval->low;
  };
  NamedScores strangers = msd;
  strangers.seeds = {{11, 12, 13, 14, 15}, {11, 12, 13, 14, 15}, {17, 18}};
  EXPECT_LT(width(msd), 0.75 * width(strangers));
}

}  // namespace
}  // namespace msdbench
