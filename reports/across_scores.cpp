#include "reports/across_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "reports/parallel_for.h"
#include "reports/resampling.h"
#include "reports/significance.h"

namespace msdbench {
namespace {

// Repetitions are cut into blocks with streams of their own, so that threads
// can share them and still give the same numbers.
constexpr std::size_t kBlocks = 20;
constexpr std::size_t kBlockSize = kRepetitions / kBlocks;

std::size_t RunsOf(const RunScores& scores) {
  std::size_t runs = 0;
  for (const auto& list : scores) runs += list.size();
  return runs;
}

// How often each run of a method is in a sample; data sets one after another.
using Counts = std::vector<std::uint32_t>;

// Lets a sample's interquartile mean be found in one pass over its counts.
class IqmOfCounts {
 public:
  explicit IqmOfCounts(const RunScores& scores) {
    for (const auto& list : scores) {
      values_.insert(values_.end(), list.begin(), list.end());
    }
    order_.resize(values_.size());
    std::iota(order_.begin(), order_.end(), 0u);
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::uint32_t a, std::uint32_t b) {
                       return values_[a] < values_[b];
                     });
  }

  double operator()(const Counts& counts) const {
    const std::size_t first = values_.size() / 4;
    const std::size_t last = values_.size() - first;
    double sum = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; begin < last; ++i) {
      const std::size_t end = begin + counts[order_[i]];
      const std::size_t from = std::max(begin, first);
      const std::size_t to = std::min(end, last);
      if (to > from) sum += static_cast<double>(to - from) * values_[order_[i]];
      begin = end;
    }
    return sum / static_cast<double>(last - first);
  }

 private:
  std::vector<double> values_;
  std::vector<std::uint32_t> order_;  // places by rising value
};

// Of one method against the reference, from the counts of both.
class ImprovementOfCounts {
 public:
  ImprovementOfCounts(const RunScores& scores, const RunScores& reference) {
    std::size_t begin = 0;
    for (std::size_t d = 0; d < scores.size(); ++d) {
      std::vector<double> others = reference[d];
      std::sort(others.begin(), others.end());
      for (double value : scores[d]) {
        const auto [below, above] =
            std::equal_range(others.begin(), others.end(), value);
        beaten_.push_back(
            {static_cast<std::uint32_t>(begin + (below - others.begin())),
             static_cast<std::uint32_t>(begin + (above - others.begin()))});
      }
      const double pairs = static_cast<double>(scores[d].size()) *
                           static_cast<double>(others.size());
      sets_.push_back({scores[d].size(), begin, 2 * pairs});
      begin += others.size();
    }
  }

  // `counts_before`[i] = how many runs of the reference are in the sample among
  // its i lowest, data sets one after another.
  double operator()(const Counts& counts, const Counts& counts_before) const {
    double sum = 0;
    std::size_t run = 0;
    for (const Set& set : sets_) {
      std::uint64_t wins = 0;  // twice, so that a tie is 1
      const std::uint64_t start = 2 * counts_before[set.begin];
      for (std::size_t i = 0; i < set.runs; ++i, ++run) {
        wins += counts[run] * (counts_before[beaten_[run].below] +
                               counts_before[beaten_[run].not_above] - start);
      }
      sum += static_cast<double>(wins) / set.twice_pairs;
    }
    return sum / static_cast<double>(sets_.size());
  }

 private:
  struct Beaten {
    std::uint32_t below, not_above;
  };
  struct Set {
    std::size_t runs, begin;  // begin: of the reference's runs
    double twice_pairs;
  };
  std::vector<Beaten> beaten_;
  std::vector<Set> sets_;
};

// Places of the runs by rising score within each data set.
std::vector<std::uint32_t> RisingWithin(const RunScores& scores) {
  std::vector<std::uint32_t> order;
  for (const auto& list : scores) {
    const std::size_t begin = order.size();
    order.resize(begin + list.size());
    std::iota(order.begin() + static_cast<std::ptrdiff_t>(begin), order.end(),
              static_cast<std::uint32_t>(begin));
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(begin),
                     order.end(), [&](std::uint32_t a, std::uint32_t b) {
                       return list[a - begin] < list[b - begin];
                     });
  }
  return order;
}

void DrawRuns(const RunScores& scores, Resampler& resampler, Counts& counts) {
  std::fill(counts.begin(), counts.end(), 0);
  std::size_t begin = 0;
  for (const auto& list : scores) {
    const auto size = static_cast<std::uint32_t>(list.size());
    for (std::uint32_t i = 0; i < size; ++i) {
      ++counts[begin + resampler.Draw(size)];
    }
    begin += size;
  }
}

// One method's estimates in every bootstrap sample.
struct Samples {
  std::vector<double> iqm, improvement;
};

class Bootstrap {
 public:
  Bootstrap(const std::vector<NamedScores>& methods, std::size_t reference)
      : methods_(methods), reference_(reference), samples_(methods.size()) {
    for (const NamedScores& method : methods) {
      runs_ += RunsOf(method.scores);
      iqm_.emplace_back(method.scores);
      if (!HasReference()) continue;
      improvement_.emplace_back(method.scores, methods[reference].scores);
    }
    if (HasReference()) rising_ = RisingWithin(methods[reference].scores);
    for (Samples& samples : samples_) {
      samples.iqm.resize(kRepetitions);
      if (HasReference()) samples.improvement.resize(kRepetitions);
    }
  }

  const std::vector<Samples>& Run() {
    // A thread costs more than a few seeds' worth of sampling.
    const bool large = runs_ * kRepetitions > 4'000'000;
    ParallelFor(kBlocks, large ? ThreadsFor(kBlocks) : 1,
                [&](std::size_t block) { RunBlock(block); });
    return samples_;
  }

 private:
  bool HasReference() const { return reference_ < methods_.size(); }

  void RunBlock(std::size_t block) {
    std::vector<Resampler> resamplers;
    std::vector<Counts> counts;
    for (const NamedScores& method : methods_) {
      resamplers.emplace_back(
          Random(block, "bootstrap over runs: " + method.name));
      counts.emplace_back(RunsOf(method.scores));
    }
    Counts before(rising_.size() + 1);
    for (std::size_t i = 0; i < kBlockSize; ++i) {
      const std::size_t at = block * kBlockSize + i;
      for (std::size_t m = 0; m < methods_.size(); ++m) {
        DrawRuns(methods_[m].scores, resamplers[m], counts[m]);
        samples_[m].iqm[at] = iqm_[m](counts[m]);
      }
      if (!HasReference()) continue;
      for (std::size_t r = 0; r < rising_.size(); ++r) {
        before[r + 1] = before[r] + counts[reference_][rising_[r]];
      }
      for (std::size_t m = 0; m < methods_.size(); ++m) {
        if (m == reference_) continue;
        samples_[m].improvement[at] = improvement_[m](counts[m], before);
      }
    }
  }

  const std::vector<NamedScores>& methods_;
  const std::size_t reference_;
  std::size_t runs_ = 0;
  std::vector<IqmOfCounts> iqm_;
  std::vector<ImprovementOfCounts> improvement_;
  std::vector<std::uint32_t> rising_;  // runs of the reference
  std::vector<Samples> samples_;
};

// None where every sample gave the same, as few runs that do not overlap do: an
// interval of no width would claim certainty.
std::optional<Interval> IntervalOf(const std::vector<double>& samples) {
  const Interval interval = PercentileInterval(samples);
  if (interval.high - interval.low <= kRounding) return std::nullopt;
  return interval;
}

bool HasSpread(const RunScores& scores) {
  return std::any_of(scores.begin(), scores.end(),
                     [](const auto& list) { return list.size() > 1; });
}

}  // namespace

double InterquartileMean(const RunScores& scores) {
  return IqmOfCounts(scores)(Counts(RunsOf(scores), 1));
}

double ProbabilityOfImprovement(const RunScores& scores,
                                const RunScores& reference) {
  Counts before(RunsOf(reference) + 1);
  std::iota(before.begin(), before.end(), 0u);
  return ImprovementOfCounts(scores, reference)(Counts(RunsOf(scores), 1),
                                                before);
}

std::vector<AcrossEstimate> EstimateAcross(
    const std::vector<NamedScores>& methods, std::size_t reference) {
  const bool has_reference = reference < methods.size();
  std::vector<AcrossEstimate> estimates(methods.size());
  bool any_spread = false;
  for (std::size_t m = 0; m < methods.size(); ++m) {
    estimates[m].iqm = InterquartileMean(methods[m].scores);
    if (has_reference && m != reference) {
      estimates[m].improvement = ProbabilityOfImprovement(
          methods[m].scores, methods[reference].scores);
    }
    any_spread |= HasSpread(methods[m].scores);
  }
  if (!any_spread) return estimates;
  Bootstrap bootstrap(methods, reference);
  const std::vector<Samples>& samples = bootstrap.Run();
  const bool reference_spreads =
      has_reference && HasSpread(methods[reference].scores);
  for (std::size_t m = 0; m < methods.size(); ++m) {
    const bool spreads = HasSpread(methods[m].scores);
    if (spreads) estimates[m].iqm_interval = IntervalOf(samples[m].iqm);
    if (spreads && reference_spreads && m != reference) {
      estimates[m].improvement_interval = IntervalOf(samples[m].improvement);
    }
  }
  return estimates;
}

}  // namespace msdbench
