// The reports' statistics against other people's programs and against values
// computed from their definitions: tests/golden/statistics/.

#include <gtest/gtest.h>

#include <cmath>

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

namespace msdbench {
namespace {

constexpr GoldenBound kExact = {1e-14, 1e-9, 0};

using Numbers = std::vector<double>;

class GoldenStatistics : public testing::Test {
 protected:
  // Calls check(tally, case) for each case of the group.
  template <typename Check>
  void ForEachCase(const char* group, const Check& check) {
    const Json golden = ReadJsonFile("tests/golden/statistics/statistics.json");
    GoldenTally tally;
    for (const Json& one : golden.at(group)) {
      tally.Case(std::string(group) + " " + std::to_string(++cases_));
      check(tally, one);
    }
  }

  static void NearInterval(GoldenTally& tally,
                           const std::optional<Interval>& got,
                           const Json& want) {
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
  ForEachCase("intervals", [](GoldenTally& tally, const Json& one) {
    NearInterval(tally, MeanInterval(Summarize(one.at("values"))), one);
  });
}

TEST_F(GoldenStatistics, Percentiles) {
  ForEachCase("percentiles", [](GoldenTally& tally, const Json& one) {
    tally.Near("percentile", Percentile(one.at("values"), one.at("share")),
               one.at("want"), kExact);
  });
}

TEST_F(GoldenStatistics, Powers) {
  ForEachCase("powers", [](GoldenTally& tally, const Json& one) {
    tally.Near("power",
               PairedPower(one.at("n"), one.at("effect"),
                           kSignificanceLevel / one.at("tests").get<double>()),
               one.at("power"), kExact);
  });
}

TEST_F(GoldenStatistics, Effects) {
  ForEachCase("effects", [](GoldenTally& tally, const Json& one) {
    tally.Near("effect", DetectableEffect(one.at("n"), one.at("tests")),
               one.at("effect"), kExact);
  });
}

TEST_F(GoldenStatistics, Accuracies) {
  ForEachCase("accuracies", [](GoldenTally& tally, const Json& one) {
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
  ForEachCase("areas", [](GoldenTally& tally, const Json& one) {
    std::vector<char> positive;
    for (int label : one.at("positive")) {
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
  ForEachCase("credits", [](GoldenTally& tally, const Json& one) {
    const ExampleTest test = TestCredits(one.at("first"), one.at("second"),
                                         Random(0, "golden credits"));
    tally.Near("difference", *test.difference, one.at("difference"), kExact);
    if (one.at("differing") <= 20) {
      tally.Near("p", *test.p, one.at("p"), kExact);
    } else {
      NearShare(tally, "drawn p", *test.p, one.at("p"));
    }
    if (one.at("low").is_null()) {
      tally.Equal("interval", test.interval.has_value(), false);
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
  ForEachCase("micro_f1s", [](GoldenTally& tally, const Json& one) {
    const auto first = CountsOf(one.at("first"));
    const auto second = CountsOf(one.at("second"));
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
  ForEachCase("across_points", [](GoldenTally& tally, const Json& one) {
    const RunScores scores = one.at("scores"), other = one.at("reference");
    tally.Near("iqm", InterquartileMean(scores), one.at("iqm"), kExact);
    tally.Near("improvement", ProbabilityOfImprovement(scores, other),
               one.at("improvement"), kExact);
  });
}

TEST_F(GoldenStatistics, AcrossIntervals) {
  ForEachCase("across_intervals", [](GoldenTally& tally, const Json& one) {
    const auto estimates = EstimateAcross(
        {{"msd", one.at("scores")}, {"kd", one.at("reference")}}, 1);
    const auto near = [&](const char* what,
                          const std::optional<Interval>& got) {
      ASSERT_TRUE(got.has_value()) << what;
      tally.Near(what, Numbers{got->low, got->high}, one.at(what),
                 {1e-12, 1e-9, 0});
    };
    near("iqm", estimates[0].iqm_interval);
    near("improvement", estimates[0].improvement_interval);
    tally.Near("reference_iqm",
               Numbers{estimates[1].iqm_interval->low,
                       estimates[1].iqm_interval->high},
               one.at("reference_iqm"), {1e-12, 1e-9, 0});
    tally.Equal("improvement over itself",
                estimates[1].improvement_interval.has_value(), false);
  });
}

}  // namespace
}  // namespace msdbench
