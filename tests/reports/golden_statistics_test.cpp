// The reports' statistics against other people's programs and against values
// computed from their definitions: tests/golden/statistics/.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "reports/across_scores.h"
#include "reports/delong.h"
#include "reports/detectable_difference.h"
#include "reports/interval.h"
#include "reports/json_file.h"
#include "reports/mcnemar.h"
#include "reports/micro_f1.h"
#include "reports/resampling.h"
#include "reports/sign_flip.h"
#include "reports/significance.h"
#include "tests/golden.h"
#include "tests/golden_file.h"

namespace msdbench {
namespace {

constexpr GoldenBound kExact = {1e-14, 1e-9, 0};

using Numbers = std::vector<double>;

class GoldenStatistics : public testing::Test {
 protected:
  // Calls check(tally, case) for each case of the group.
  template <typename Check>
  void ForEachCase(const char* group, const Check& check) {
    const GoldenFile golden("tests/golden/statistics/statistics.json");
    GoldenTally tally;
    for (const std::string& other : golden.Keys()) {
      if (other != group) golden.at(other).Leave();
    }
    for (const GoldenJson& one : golden.at(group).items()) {
      tally.Case(std::string(group) + " " + std::to_string(++cases_));
      check(tally, one);
    }
  }

  static void NearInterval(GoldenTally& tally,
                           const std::optional<Interval>& got,
                           const GoldenJson& want) {
    ASSERT_TRUE(got.has_value());
    tally.Near("low", got->low, want.at("low"), kExact);
    tally.Near("high", got->high, want.at("high"), kExact);
  }

  // A share of random draws against the exact one, within five of its standard
  // errors: seeds are fixed, so it holds on every run or on none.
  static void NearShare(GoldenTally& tally, const char* what, double got,
                        double want) {
    const double error =
        std::sqrt(want * (1 - want) / static_cast<double>(kRepetitions));
    tally.Near(what, got, want, {5 * error + 2.0 / kRepetitions, 0, 0});
  }

 private:
  int cases_ = 0;
};

TEST_F(GoldenStatistics, Intervals) {
  ForEachCase("intervals", [](GoldenTally& tally, const GoldenJson& one) {
    NearInterval(tally, MeanInterval(Summarize(one.at("values"))), one);
  });
}

TEST_F(GoldenStatistics, Percentiles) {
  ForEachCase("percentiles", [](GoldenTally& tally, const GoldenJson& one) {
    tally.Near("percentile", Percentile(one.at("values"), one.at("share")),
               one.at("want"), kExact);
  });
}

TEST_F(GoldenStatistics, Powers) {
  ForEachCase("powers", [](GoldenTally& tally, const GoldenJson& one) {
    tally.Near("power",
               PairedPower(one.at("n"), one.at("effect"),
                           kSignificanceLevel / one.at("tests").get<double>()),
               one.at("power"), kExact);
  });
}

TEST_F(GoldenStatistics, Effects) {
  ForEachCase("effects", [](GoldenTally& tally, const GoldenJson& one) {
    tally.Near("effect", DetectableEffect(one.at("n"), one.at("tests")),
               one.at("effect"), kExact);
  });
}

TEST_F(GoldenStatistics, Accuracies) {
  ForEachCase("accuracies", [](GoldenTally& tally, const GoldenJson& one) {
    const std::size_t n = one.at("n"), only_first = one.at("first");
    const std::size_t only_second = one.at("second"), both = one.at("both");
    Numbers first(n, 0), second(n, 0);
    for (std::size_t i = 0; i < both; ++i) first[i] = second[i] = 1;
    for (std::size_t i = 0; i < only_first; ++i) first[both + i] = 1;
    for (std::size_t i = 0; i < only_second; ++i) {
      second[both + only_first + i] = 1;
    }
    const ExampleTest test = TestAccuracies(first, second);
    tally.Equal("examples", test.examples, n);
    tally.Near("difference", *test.difference, one.at("difference"), kExact);
    tally.Near("p", *test.p, one.at("p"), kExact);
    NearInterval(tally, test.interval, one);
  });
}

TEST_F(GoldenStatistics, Areas) {
  ForEachCase("areas", [](GoldenTally& tally, const GoldenJson& one) {
    one.Leave({"name"});
    std::vector<char> positive;
    for (int label : one.at("positive").get<std::vector<int>>()) {
      positive.push_back(static_cast<char>(label));
    }
    const Placements first = PlacementsOf(one.at("first"), positive);
    const Placements second = PlacementsOf(one.at("second"), positive);
    const RocArea area = AreaOf(first);
    tally.Near("area", *area.area, one.at("area"), kExact);
    tally.Near("error", *area.standard_error, one.at("error"), kExact);
    const ExampleTest test = TestAreas(first, second);
    tally.Near("difference", *test.difference, one.at("difference"), kExact);
    tally.Near("p", *test.p, one.at("p"), kExact);
    NearInterval(tally, test.interval, one);
  });
}

TEST_F(GoldenStatistics, Credits) {
  ForEachCase("credits", [](GoldenTally& tally, const GoldenJson& one) {
    one.Leave({"name"});
    const ExampleTest test = TestCredits(one.at("first"), one.at("second"),
                                         Random(0, "golden credits"));
    tally.Near("difference", *test.difference, one.at("difference"), kExact);
    if (one.at("differing").number() <= 20) {
      tally.Near("p", *test.p, one.at("p"), kExact);
    } else {
      NearShare(tally, "drawn p", *test.p, one.at("p"));
    }
    if (one.at("low").json().is_null()) {
      tally.Equal("interval", test.interval.has_value(),
                  !one.at("high").json().is_null());
    } else {
      NearInterval(tally, test.interval, one);
    }
  });
}

std::vector<LabelCounts> CountsOf(const Json& rows) {
  std::vector<LabelCounts> counts;
  for (const Json& row : rows) counts.push_back({row[0], row[1], row[2]});
  return counts;
}

// The bootstrap's 10,000 samples against all of them; the cases are such that
// sampling cannot miss the right percentile of so coarse a distribution.
TEST_F(GoldenStatistics, MicroF1s) {
  ForEachCase("micro_f1s", [](GoldenTally& tally, const GoldenJson& one) {
    const auto first = CountsOf(one.at("first").json());
    const auto second = CountsOf(one.at("second").json());
    tally.Near("value", MicroF1(first), one.at("value"), kExact);
    tally.Near("error", *MicroF1StandardError(first), one.at("error"), kExact);
    const ExampleTest test =
        TestMicroF1(first, second, Random(0, "golden micro F1"));
    tally.Near("difference", *test.difference, one.at("difference"),
               {1e-12, 1e-9, 0});
    // Python rounds the samples to 12 decimals to find equal ones.
    ASSERT_TRUE(test.interval.has_value());
    tally.Near("low", test.interval->low, one.at("low"), {1e-12, 1e-9, 0});
    tally.Near("high", test.interval->high, one.at("high"), {1e-12, 1e-9, 0});
    const double smaller = std::min(one.at("not_above").get<double>(),
                                    one.at("not_below").get<double>());
    if (2 * smaller < 1) NearShare(tally, "p / 2", *test.p / 2, smaller);
  });
}

TEST_F(GoldenStatistics, AcrossPoints) {
  ForEachCase("across_points", [](GoldenTally& tally, const GoldenJson& one) {
    const RunScores scores = one.at("scores"), other = one.at("reference");
    tally.Near("iqm", InterquartileMean(scores), one.at("iqm"), kExact);
    tally.Near("improvement", ProbabilityOfImprovement(scores, other),
               one.at("improvement"), kExact);
  });
}

// Ends of intervals from 10,000 samples, each between the percentiles of all
// samples that lie five standard errors of a share to its left and right.
TEST_F(GoldenStatistics, AcrossIntervals) {
  ForEachCase(
      "across_intervals", [](GoldenTally& tally, const GoldenJson& one) {
        NamedScores msd{"msd", one.at("scores")}, kd{"kd", one.at("reference")};
        if (one.at("paired").get<bool>()) {
          for (const auto& list : msd.scores) {
            auto& seeds = msd.seeds.emplace_back(list.size());
            std::iota(seeds.begin(), seeds.end(), std::uint64_t{1});
          }
          kd.seeds = msd.seeds;
        }
        tally.Near("tail",
                   ExpandedTail(msd.scores.size() * msd.scores[0].size(),
                                msd.scores.size()),
                   one.at("tail"), kExact);
        const auto estimates = EstimateAcross({msd, kd}, 1);
        tally.Near("iqm", estimates[0].iqm, one.at("iqm"), kExact);
        const auto between = [&](const char* what,
                                 const std::optional<Interval>& got) {
          ASSERT_TRUE(got.has_value()) << what;
          const auto ends = one.at(what).get<std::vector<Numbers>>();
          const Numbers values = {got->low, got->high};
          for (std::size_t i = 0; i < 2; ++i) {
            const double middle = (ends[i][0] + ends[i][1]) / 2;
            tally.Near(fmt::format("{}[{}]", what, i), values[i], middle,
                       {(ends[i][1] - ends[i][0]) / 2 + 1e-12, 0, 0});
          }
        };
        between("iqm_ends", estimates[0].iqm_interval);
        between("improvement_ends", estimates[0].improvement_interval);
        tally.Equal("interval of the reference",
                    estimates[1].iqm_interval.has_value() ||
                        estimates[1].improvement_interval.has_value(),
                    false);
      });
}

}  // namespace
}  // namespace msdbench
