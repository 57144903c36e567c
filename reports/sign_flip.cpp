#include "reports/sign_flip.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>

#include "reports/resampling.h"

namespace msdbench {
namespace {

constexpr std::size_t kMostEnumerated = 20;
constexpr double kUnit = 1e-6;  // stored credits are float32

// Size of a difference, in kUnit -> how many examples have it, of either sign.
using Sizes = std::map<std::int64_t, std::uint64_t>;

// Every pattern of signs, each one flip away from the one before (Gray code).
double EnumeratedP(const Sizes& sizes, std::int64_t seen) {
  std::vector<std::int64_t> values;
  std::int64_t sum = 0;
  for (const auto& [size, count] : sizes) {
    values.insert(values.end(), count, size);
    sum += size * static_cast<std::int64_t>(count);
  }
  const std::uint64_t patterns = std::uint64_t{1} << values.size();
  std::uint64_t as_far = 0;
  for (std::uint64_t i = 1;; ++i) {
    as_far += std::abs(sum) >= seen;
    if (i == patterns) break;
    std::int64_t& flipped =
        values[static_cast<std::size_t>(__builtin_ctzll(i))];
    sum -= 2 * flipped;
    flipped = -flipped;
  }
  return static_cast<double>(as_far) / static_cast<double>(patterns);
}

// Bits of random numbers, none of them wasted.
class Coins {
 public:
  explicit Coins(Random random) : random_(random) {}

  // Heads among `tosses`.
  std::uint64_t Heads(std::uint64_t tosses) {
    std::uint64_t heads = 0;
    while (tosses > 0) {
      if (left_ == 0) {
        word_ = random_.Next();
        left_ = 64;
      }
      const std::uint64_t take = std::min<std::uint64_t>(tosses, left_);
      const std::uint64_t mask = UINT64_MAX >> (64 - take);
      heads += static_cast<std::uint64_t>(__builtin_popcountll(word_ & mask));
      word_ = take == 64 ? 0 : word_ >> take;
      left_ -= take;
      tosses -= take;
    }
    return heads;
  }

 private:
  Random random_;
  std::uint64_t word_ = 0, left_ = 0;
};

// Examples with differences of one size are tossed together: how many of them
// are positive is all that matters.
double DrawnP(const Sizes& sizes, std::int64_t seen, Random random) {
  Coins coins(random);
  std::size_t as_far = 1;
  for (std::size_t i = 0; i < kRepetitions; ++i) {
    std::int64_t sum = 0;
    for (const auto& [size, count] : sizes) {
      const auto positive = static_cast<std::int64_t>(coins.Heads(count));
      sum += size * (2 * positive - static_cast<std::int64_t>(count));
    }
    as_far += std::abs(sum) >= seen;
  }
  return static_cast<double>(as_far) / static_cast<double>(kRepetitions + 1);
}

}  // namespace

ExampleTest TestCredits(const std::vector<double>& first,
                        const std::vector<double>& second, Random random) {
  ExampleTest test;
  test.examples = first.size();
  if (first.empty()) {
    test.reason = "no examples";
    return test;
  }
  std::vector<double> differences;
  Sizes sizes;
  std::int64_t sum = 0;
  std::size_t differing = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    differences.push_back(first[i] - second[i]);
    const std::int64_t units = std::llround(differences.back() / kUnit);
    if (units == 0) continue;
    ++differing;
    ++sizes[std::abs(units)];
    sum += units;
  }
  const Summary summary = Summarize(differences);
  test.difference = summary.mean;
  test.interval = MeanInterval(summary);
  const std::int64_t seen = std::abs(sum);
  test.p = differing <= kMostEnumerated ? EnumeratedP(sizes, seen)
                                        : DrawnP(sizes, seen, random);
  return test;
}

}  // namespace msdbench
