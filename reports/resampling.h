// Draws with replacement and percentiles, of which bootstraps are made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reports/interval.h"
#include "reports/random.h"

namespace msdbench {

// Repetitions of every bootstrap and Monte Carlo test of a report.
constexpr std::size_t kRepetitions = 10'000;

// Places of a list, drawn with replacement: two draws a random number and no
// division (Lemire 2019, "Fast random integer generation in an interval"),
// since drawing is most of a bootstrap's time. The same on every platform.
class Resampler {
 public:
  explicit Resampler(Random random) : random_(random) {}

  // Uniform in [0, n), n > 0, without bias.
  std::uint32_t Draw(std::uint32_t n) {
    std::uint64_t product = Half() * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t least = (0 - n) % n;
      while (static_cast<std::uint32_t>(product) < least) product = Half() * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  std::uint64_t Half() {
    has_half_ = !has_half_;
    if (!has_half_) return word_ >> 32;
    word_ = random_.Next();
    return word_ & 0xffffffffu;
  }

  Random random_;
  std::uint64_t word_ = 0;
  bool has_half_ = false;  // the upper one of word_
};

// The value below which `share` of `values` (one or more) lie, between two
// values by linear interpolation: type 7 of Hyndman and Fan (1996), NumPy's
// default.
double Percentile(std::vector<double> values, double share);

// From the percentile `tail` to 1 - `tail` of bootstrap estimates.
Interval PercentileInterval(const std::vector<double>& estimates,
                            double tail = kTail);

// The tail that makes percentiles of few values an interval of 95 %: samples of
// n values spread by sqrt((n - 1) / n) too little, and the spread is itself an
// estimate (Hesterberg 2015, "What teachers should know about the bootstrap",
// expanded percentile interval). `values` in `groups`, values > groups, that
// are drawn each for itself.
double ExpandedTail(std::size_t values, std::size_t groups);

}  // namespace msdbench
