#include "reports/micro_f1.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "reports/resampling.h"

namespace msdbench {
namespace {

double Ratio(std::uint64_t hit, std::uint64_t others) {
  return others > 0 ? 2 * static_cast<double>(hit) / static_cast<double>(others)
                    : 0;
}

// What an example adds to both models' sums. Two in one word: half the loads of
// the loop that is nearly all of the bootstrap's time.
struct Packed {
  std::uint64_t first, second;  // hits above, predicted + actual below
};
constexpr int kShift = 32;
constexpr std::uint64_t kLower = 0xffffffffu;

Packed Pack(const LabelCounts& first, const LabelCounts& second) {
  const auto pack = [](const LabelCounts& counts) {
    return (std::uint64_t{counts.hit} << kShift) +
           (counts.predicted + counts.actual);
  };
  return {pack(first), pack(second)};
}

}  // namespace

double MicroF1(const std::vector<LabelCounts>& examples) {
  std::uint64_t hit = 0, others = 0;
  for (const LabelCounts& example : examples) {
    hit += example.hit;
    others += example.predicted + example.actual;
  }
  return Ratio(hit, others);
}

std::optional<double> MicroF1StandardError(
    const std::vector<LabelCounts>& examples) {
  std::uint64_t others = 0;
  for (const LabelCounts& example : examples) {
    others += example.predicted + example.actual;
  }
  if (others == 0) return std::nullopt;
  const double f1 = MicroF1(examples);
  const double mean =
      static_cast<double>(others) / static_cast<double>(examples.size());
  std::vector<double> influence;
  for (const LabelCounts& example : examples) {
    const double own = example.predicted + example.actual;
    influence.push_back((2.0 * example.hit - f1 * own) / mean);
  }
  return MeanStandardError(influence);
}

ExampleTest TestMicroF1(const std::vector<LabelCounts>& first,
                        const std::vector<LabelCounts>& second, Random random) {
  ExampleTest test;
  test.examples = first.size();
  if (first.size() < 2) {
    test.reason = "the test takes two or more examples";
    return test;
  }
  test.difference = MicroF1(first) - MicroF1(second);
  std::vector<Packed> examples;
  for (std::size_t i = 0; i < first.size(); ++i) {
    examples.push_back(Pack(first[i], second[i]));
  }
  const auto size = static_cast<std::uint32_t>(examples.size());
  Resampler resampler(random);
  std::vector<double> differences;
  std::size_t not_above = 1, not_below = 1;
  for (std::size_t i = 0; i < kRepetitions; ++i) {
    Packed sum = {0, 0};
    for (std::uint32_t draw = 0; draw < size; ++draw) {
      const Packed& example = examples[resampler.Draw(size)];
      sum.first += example.first;
      sum.second += example.second;
    }
    differences.push_back(Ratio(sum.first >> kShift, sum.first & kLower) -
                          Ratio(sum.second >> kShift, sum.second & kLower));
    not_above += differences.back() <= 0;
    not_below += differences.back() >= 0;
  }
  const Interval interval = PercentileInterval(differences);
  // No width: the models gave the same answers throughout.
  if (interval.low < interval.high) test.interval = interval;
  test.p =
      std::min(1.0, 2 * static_cast<double>(std::min(not_above, not_below)) /
                        static_cast<double>(kRepetitions + 1));
  return test;
}

}  // namespace msdbench
