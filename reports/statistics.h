// Means and spreads over seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace msdbench {

struct Summary {
  std::size_t n = 0;
  std::optional<double> mean;  // none for n = 0
  // Sample standard deviation (n - 1); none for n < 2, where it says nothing.
  std::optional<double> sd;
};

// Numerically stable (Welford 1962): a large common offset costs no digits.
Summary Summarize(const std::vector<double>& values);

// Seed -> value.
using BySeed = std::map<std::uint64_t, double>;

Summary SummarizeSeeds(const BySeed& values);

// Of `a - b` over the seeds that both have.
Summary PairedDifference(const BySeed& a, const BySeed& b);

}  // namespace msdbench
