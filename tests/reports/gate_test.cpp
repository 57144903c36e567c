#include "reports/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "reports/two_sample.h"
#include "tests/reports/gate_runs.h"

namespace msdbench {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const std::vector<double> kBefore = {0.70, 0.71, 0.72, 0.69, 0.70, 0.71};

Baseline StoredKd() {
  return MakeBaseline(GateRuns("snli_ve", "kd", kBefore), {});
}

// The runs as if another machine had made them.
std::vector<Record> Elsewhere(const std::vector<Record>& records) {
  std::vector<Record> moved;
  for (const Record& record : records) {
    Json json = record.json;
    json["environment"]["cpu"]["model"] = "Modell Zwei";
    moved.push_back(GateRecord(json));
  }
  return moved;
}

GateCell CheckKd(const std::vector<Record>& records,
                 const GateOptions& options = {}) {
  return CheckAgainst(StoredKd(), records, {}, options).cells.at(0);
}

TEST(FallTest, EqualsAnExampleWorkedByHand) {
  // 1, 2, 3 against 0, 1: the pooled variance is (2 + 0.5) / 3, so
  // t = (0.5 - 2) / sqrt(5/6 (1/3 + 1/2)) = -1.8 with three degrees of
  // freedom. Student's distribution has a closed form there: with
  // u = t / sqrt(3), 1/2 + (u / (1 + u^2) + atan u) / pi.
  const double u = -1.8 / std::sqrt(3.0);
  const double p = 0.5 + (u / (1 + u * u) + std::atan(u)) / 3.14159265358979324;
  EXPECT_NEAR(*FallTest(Summarize({1, 2, 3}), Summarize({0, 1}), 0), p, 1e-12);
}

// The values are SciPy's (tests/golden/make/two_sample.py).
TEST(GoldenFallTest, EqualsScipy) {
  const Json golden = ReadJsonFile("tests/golden/statistics/two_sample.json");
  ASSERT_GE(golden["cases"].size(), 5u);
  for (const Json& one : golden["cases"]) {
    const auto list = [&](const char* key) {
      return Summarize(one[key].get<std::vector<double>>());
    };
    const double p = one["p"];
    EXPECT_NEAR(*FallTest(list("before"), list("after"), 0), p, 1e-9 * p)
        << one["name"];
  }
}

TEST(FallTest, OneValueCanBeTestedButNotAgainstOne) {
  EXPECT_FALSE(FallTest(Summarize({1}), Summarize({0}), 0));
  EXPECT_FALSE(FallTest(Summarize({1, 2, 3}), Summarize({}), 0));
  EXPECT_LT(*FallTest(Summarize({1, 1.1, 0.9}), Summarize({0}), 0), 0.05);
}

TEST(FallTest, ADropAndTheSameRiseShareOneProbability) {
  const Summary a = Summarize({1, 2, 4}), b = Summarize({0, 3, 2, 2});
  EXPECT_NEAR(*FallTest(a, b, 0) + *FallTest(b, a, 0), 1, 1e-12);
}

TEST(FallTest, TheLeastDeviationKeepsConstantsFromProvingAnything) {
  const Summary hundred = Summarize({1, 1, 1, 1}), less = Summarize({0.99});
  EXPECT_EQ(*FallTest(hundred, less, 0), 0);
  EXPECT_GT(*FallTest(hundred, less, 0.01), 0.1);
}

TEST(Gate, EqualNumbersOnTheSameMachinePassWithoutATest) {
  const GateResult result =
      CheckAgainst(StoredKd(), GateRuns("snli_ve", "kd", {0.70, 0.71, 0.72}));
  ASSERT_EQ(result.cells.size(), 1u);
  EXPECT_EQ(result.cells[0].verdict, Verdict::kEqual);
  EXPECT_EQ(result.cells[0].exact, 3u);
  EXPECT_FALSE(result.cells[0].p);
  EXPECT_TRUE(result.passed());
}

// As when a shard of a suite was lost: every method lacks the same seed.
TEST(Gate, ASeedThatNoMethodHasIsMissingWhereItWasAskedFor) {
  const auto runs = GateRuns("snli_ve", "kd", {0.70, 0.71});
  EXPECT_TRUE(CheckAgainst(StoredKd(), runs).passed());
  GateOptions options;
  options.seeds = {1, 2, 3};
  const GateResult result = CheckAgainst(StoredKd(), runs, {}, options);
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.cells[0].verdict, Verdict::kMissing);
}

TEST(Gate, NothingIsExpectedToBeEqualElsewhere) {
  const GateCell cell =
      CheckKd(Elsewhere(GateRuns("snli_ve", "kd", {0.70, 0.71, 0.72})));
  EXPECT_EQ(cell.verdict, Verdict::kPass);
  EXPECT_EQ(cell.exact, 0u);
  EXPECT_TRUE(cell.changes.empty());
  EXPECT_TRUE(cell.p);
}

TEST(Gate, ANumberThatMovedIsNamedWithItsSize) {
  const auto runs = GateRuns("snli_ve", "kd", {0.70, 0.715, 0.72});
  const GateCell cell = CheckKd(runs);
  EXPECT_EQ(cell.verdict, Verdict::kPass);
  EXPECT_EQ(cell.exact, 2u);
  ASSERT_EQ(cell.changes.size(), 1u);
  EXPECT_EQ(cell.changes[0].seed, 2u);
  EXPECT_EQ(cell.changes[0].before, 0.71);
  EXPECT_EQ(cell.changes[0].after, 0.715);

  GateOptions strict;
  strict.strict = true;
  EXPECT_EQ(CheckKd(runs, strict).verdict, Verdict::kChanged);
  EXPECT_EQ(CheckKd(Elsewhere(runs), strict).verdict, Verdict::kPass);
  EXPECT_EQ(CheckKd(GateRuns("snli_ve", "kd", {0.70, 0.71}), strict).verdict,
            Verdict::kEqual);
}

TEST(Gate, ALargeDropFailsWithBothValues) {
  const GateResult result =
      CheckAgainst(StoredKd(), GateRuns("snli_ve", "kd", {0.60, 0.61, 0.62}));
  const GateCell& cell = result.cells.at(0);
  EXPECT_EQ(cell.verdict, Verdict::kRegressed);
  EXPECT_NEAR(*cell.before.mean, 0.705, 1e-12);
  EXPECT_NEAR(*cell.after.mean, 0.61, 1e-12);
  EXPECT_NEAR(*cell.change, -0.095, 1e-12);
  EXPECT_LT(*cell.p_holm, 0.001);
  EXPECT_FALSE(result.passed());
}

TEST(Gate, ADropHasToBeBothMoreThanNoiseAndMoreThanTolerated) {
  const auto clear = GateRuns("snli_ve", "kd", {0.60, 0.61, 0.62});
  GateOptions tolerant;
  tolerant.rule.tolerance = 0.1;
  EXPECT_EQ(CheckKd(clear, tolerant).verdict, Verdict::kPass);
  // The same drop of the mean, drowned in noise.
  EXPECT_EQ(CheckKd(GateRuns("snli_ve", "kd", {0.41, 0.61, 0.81})).verdict,
            Verdict::kPass);
}

TEST(Gate, ARiseIsReportedAndFailsNothing) {
  const GateResult result =
      CheckAgainst(StoredKd(), GateRuns("snli_ve", "kd", {0.80, 0.81, 0.82}));
  EXPECT_EQ(result.cells.at(0).verdict, Verdict::kImproved);
  EXPECT_TRUE(result.passed());
}

TEST(Gate, WhereLowerIsBetterARiseIsTheFault) {
  Baseline baseline = StoredKd();
  baseline.cells[0].higher_is_better = false;
  const auto verdict = [&](double value) {
    return CheckAgainst(baseline, GateRuns("snli_ve", "kd",
                                           {value, value + 0.01, value - 0.01}))
        .cells.at(0)
        .verdict;
  };
  EXPECT_EQ(verdict(0.8), Verdict::kRegressed);
  EXPECT_EQ(verdict(0.6), Verdict::kImproved);
}

TEST(Gate, AMissingRunDoesNotPass) {
  const Baseline baseline =
      MakeBaseline(GateRuns("snli_ve", "kd", kBefore) +
                       GateRuns("snli_ve", "none", kBefore) +
                       GateRuns("mm_imdb", "kd", kBefore) +
                       GateRuns("mm_imdb", "teacher", {0.9}, 1000),
                   {});
  const auto runs = GateRuns("snli_ve", "kd", {0.70, 0.71, 0.72}) +
                    GateRuns("snli_ve", "none", {0.70, 0.71});
  const GateResult result = CheckAgainst(baseline, runs);
  EXPECT_FALSE(result.passed());
  std::map<std::string, Verdict> verdicts;
  std::map<std::string, std::string> notes;
  for (const GateCell& cell : result.cells) {
    const std::string name = cell.dataset + " " + cell.method;
    verdicts[name] = cell.verdict;
    notes[name] = cell.notes.empty() ? "" : cell.notes.back();
  }
  EXPECT_EQ(verdicts["snli_ve kd"], Verdict::kEqual);
  EXPECT_EQ(verdicts["snli_ve none"], Verdict::kMissing);
  EXPECT_THAT(notes["snli_ve none"], HasSubstr("seed 3 did not run"));
  EXPECT_EQ(verdicts["mm_imdb kd"], Verdict::kMissing);
  EXPECT_EQ(verdicts["mm_imdb teacher"], Verdict::kMissing);
  EXPECT_EQ(verdicts.count("snli_ve all students"), 0u);
}

TEST(Gate, AFailedRunDoesNotPassNorDoesAnUndefinedMetric) {
  auto runs = GateRuns("snli_ve", "kd", {0.70, 0.71});
  Simulated third;
  third.dataset = "snli_ve";
  third.seed = 3;
  runs.push_back(SimulateFailure(third, "out of memory"));
  GateCell cell = CheckKd(runs);
  EXPECT_EQ(cell.verdict, Verdict::kFailed);
  EXPECT_THAT(cell.notes.at(0), HasSubstr("seed 3 failed: out of memory"));

  Json json = GateRunJson("snli_ve", "kd", 3, 0.7);
  SetMetric(json, "/results/test/multimodal/accuracy",
            std::numeric_limits<double>::quiet_NaN(), "no example");
  runs.back() = GateRecord(json);
  cell = CheckKd(runs);
  EXPECT_EQ(cell.verdict, Verdict::kFailed);
  EXPECT_THAT(cell.notes.at(0), HasSubstr("no example"));
}

// The runs of seeds 1, 2, ... with `value` at `pointer` of their records.
std::vector<Record> KdWith(const std::string& pointer, const Json& value,
                           std::size_t count = 2) {
  std::vector<Record> runs;
  for (std::size_t i = 0; i < count; ++i) {
    Json json = GateRunJson("snli_ve", "kd", i + 1, kBefore[i]);
    json[Json::json_pointer(pointer)] = value;
    runs.push_back(GateRecord(json));
  }
  return runs;
}

TEST(Gate, OtherDataIsNotComparable) {
  const GateCell cell = CheckKd(KdWith("/dataset/fingerprint", FakeHash('9')));
  EXPECT_EQ(cell.verdict, Verdict::kIncomparable);
  EXPECT_THAT(cell.notes.at(0), HasSubstr("other data"));
}

TEST(Gate, AnotherConfigurationIsNamedByPlaceAndBothValues) {
  Baseline baseline = StoredKd();
  baseline.cells[0].config.all["student"]["layers"] = 4;
  // Equal numbers too: another plan is another plan.
  const GateCell cell =
      CheckAgainst(baseline, KdWith("/config/student", {{"layers", 2}}))
          .cells.at(0);
  EXPECT_EQ(cell.verdict, Verdict::kIncomparable);
  EXPECT_EQ(cell.notes.at(0),
            "/student/layers: 4 in the baseline, 2 in kd seeds 1, 2");
}

TEST(Gate, ManyDifferencesAreCountedNotListed) {
  Json many;
  for (char option = 'a'; option < 'k'; ++option) {
    many[std::string(1, option)] = 1;
  }
  const GateCell cell = CheckKd(KdWith("/config/new_section", many));
  EXPECT_EQ(cell.verdict, Verdict::kIncomparable);
  EXPECT_THAT(cell.notes, Contains("and 6 more"));
  EXPECT_LE(cell.notes.size(), 6u);
}

// What a release that adds an option does to every record: the option is in
// `config`, and in `config_changes` where it is not at its default.
TEST(Gate, AnOptionAddedWithItsDefaultIsTheSamePlan) {
  const auto runs = [](const Json& changes, std::size_t count) {
    std::vector<Record> records;
    for (std::size_t i = 0; i < count; ++i) {
      Json json = GateRunJson("snli_ve", "kd", i + 1, kBefore[i]);
      json["config"]["student"] = {{"layers", 2}, {"added", 7}};
      json["config"]["added_section"] = {{"one", true}, {"two", Json::array()}};
      json["config_changes"] = changes;
      records.push_back(GateRecord(json));
    }
    return records;
  };
  const Json unchanged = {{"student", {{"layers", 2}}}};
  const std::vector<Record> added = runs(unchanged, 3);

  // Baselines of before it came: one whose records told their changes, and one
  // of before records told them.
  for (const Json& changes : {unchanged, Json()}) {
    std::vector<Record> old;
    for (std::size_t i = 0; i < kBefore.size(); ++i) {
      Json json = GateRunJson("snli_ve", "kd", i + 1, kBefore[i]);
      json["config"]["student"] = {{"layers", 2}};
      if (!changes.is_null()) json["config_changes"] = changes;
      old.push_back(GateRecord(json));
    }
    const Baseline baseline =
        ParseBaseline(BaselineJson(MakeBaseline(old, {})), "through its file");
    EXPECT_EQ(CheckAgainst(baseline, added).cells.at(0).verdict,
              Verdict::kEqual);
    EXPECT_EQ(CheckAgainst(baseline, Elsewhere(added)).cells.at(0).verdict,
              Verdict::kPass);

    Json used = unchanged;
    used["student"]["added"] = 7;
    const GateCell other = CheckAgainst(baseline, runs(used, 3)).cells.at(0);
    EXPECT_EQ(other.verdict, Verdict::kIncomparable);
    EXPECT_EQ(other.notes.at(0),
              "/student/added: absent in the baseline, 7 in kd seeds 1, 2, 3");
  }
  // And the other way round: a baseline of after, runs of before.
  const Baseline later = MakeBaseline(runs(unchanged, 6), {});
  EXPECT_EQ(CheckAgainst(later, KdWith("/config/student", {{"layers", 2}}))
                .cells.at(0)
                .verdict,
            Verdict::kEqual);
}

TEST(Gate, WithoutExactNumbersEqualOnesAreTestedToo) {
  GateOptions options;
  options.exact = false;
  const std::vector<Record> same = GateRuns("snli_ve", "kd", {0.7, 0.71, 0.72});
  const GateResult result = CheckAgainst(StoredKd(), same, {}, options);
  EXPECT_EQ(result.cells.at(0).verdict, Verdict::kPass);
  EXPECT_TRUE(result.cells[0].p);
  EXPECT_EQ(result.cells[0].exact, 0u);
  EXPECT_THAT(result.notes.at(0), HasSubstr("another machine"));
  EXPECT_EQ(
      CheckKd(GateRuns("snli_ve", "kd", {0.6, 0.61, 0.62}), options).verdict,
      Verdict::kRegressed);
  // Equality hides that a baseline is too small for any test.
  const auto four = GateRuns("snli_ve", "kd", {0.70, 0.71, 0.72, 0.69});
  EXPECT_EQ(CheckKd(four).verdict, Verdict::kEqual);
  EXPECT_EQ(CheckKd(four, options).verdict, Verdict::kUntested);
}

TEST(Gate, RunsOfOtherNumericsAreTestedAsThoseOfAnotherMachine) {
  const auto of = [](int numerics, const std::vector<double>& values) {
    std::vector<Record> records;
    for (const Record& record : GateRuns("snli_ve", "kd", values)) {
      Json json = record.json;
      json["code"]["numerics"] = numerics;
      records.push_back(GateRecord(json));
    }
    return records;
  };
  const Baseline baseline = ParseBaseline(
      BaselineJson(MakeBaseline(of(3, kBefore), {})), "through its file");
  EXPECT_EQ(baseline.numerics, 3);
  GateOptions strict;
  strict.strict = true;
  const std::vector<double> values = {0.70, 0.71, 0.725};
  EXPECT_EQ(CheckAgainst(baseline, of(3, values), {}, strict).cells[0].verdict,
            Verdict::kChanged);
  const GateResult other = CheckAgainst(baseline, of(4, values), {}, strict);
  EXPECT_EQ(other.cells[0].verdict, Verdict::kPass);
  EXPECT_TRUE(other.cells[0].changes.empty());
  EXPECT_THAT(other.notes.at(0), HasSubstr("numerics version: 3 -> 4"));

  // Both in one folder.
  const GateResult mixed =
      CheckAgainst(baseline, of(3, {0.70}) + GateRuns("snli_ve", "kd", {0.71},
                                                      /*first_seed=*/2));
  EXPECT_FALSE(mixed.passed());
  EXPECT_THAT(mixed.problems.at(0), HasSubstr("numerics version"));
}

TEST(Gate, ABaselineWithTooFewValuesIsNoBaseline) {
  const GateCell cell =
      CheckKd(GateRuns("snli_ve", "kd", {0.7, 0.7, 0.7, 0.7}));
  EXPECT_EQ(cell.verdict, Verdict::kUntested);
  EXPECT_THAT(cell.notes.at(0), HasSubstr("6 value(s)"));
}

TEST(Gate, WhatTheBaselineLacksIsToldAndNotChecked) {
  const GateResult result =
      CheckAgainst(StoredKd(), GateRuns("snli_ve", "kd", {0.70, 0.71}) +
                                   GateRuns("snli_ve", "none", {0.1, 0.1}));
  ASSERT_EQ(result.cells.size(), 2u);
  EXPECT_EQ(result.cells[1].verdict, Verdict::kNew);
  EXPECT_EQ(result.family, 1u);
  EXPECT_TRUE(result.passed());
}

TEST(Gate, ABrokenRecordFailsTheCheck) {
  const GateResult result =
      CheckAgainst(StoredKd(), GateRuns("snli_ve", "kd", {0.70, 0.71}),
                   {"a/record.json: /seed: is missing"});
  EXPECT_FALSE(result.passed());
}

TEST(Gate, AFaultCommonToAllStudentsShowsInTheirMean) {
  // Both methods lose three points of 71, drowned in their own noise, which
  // cancels in their mean.
  const double noise[] = {0.03, -0.03, 0.01, -0.02, 0.02, -0.01};
  std::vector<Record> before, after;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const double own = noise[seed - 1];
    before = before + GateRuns("snli_ve", "kd", {0.71 + own}, seed) +
             GateRuns("snli_ve", "none",
                      {0.71 - own + (seed % 2 == 0 ? 0.002 : 0)}, seed);
    if (seed > 3) continue;
    after = after + GateRuns("snli_ve", "kd", {0.68 + own}, seed) +
            GateRuns("snli_ve", "none", {0.68 - own}, seed);
  }
  const GateResult result = CheckAgainst(MakeBaseline(before, {}), after);
  ASSERT_EQ(result.cells.size(), 3u);
  EXPECT_EQ(result.cells[0].verdict, Verdict::kPass);
  EXPECT_EQ(result.cells[1].verdict, Verdict::kPass);
  EXPECT_EQ(result.cells[2].method, kAllStudents);
  EXPECT_EQ(result.cells[2].verdict, Verdict::kRegressed);
  EXPECT_EQ(result.family, 3u);
}

TEST(Gate, TellsWhichMachineTheBaselineIsFrom) {
  const auto runs = GateRuns("snli_ve", "kd", {0.70, 0.71});
  EXPECT_THAT(CheckAgainst(StoredKd(), runs).notes.at(0),
              HasSubstr("are the baseline's"));
  EXPECT_THAT(CheckAgainst(StoredKd(), Elsewhere(runs)).notes.at(0),
              HasSubstr("cpu: Modell Eins -> Modell Zwei"));
}

}  // namespace
}  // namespace msdbench
