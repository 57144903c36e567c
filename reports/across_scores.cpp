#include "reports/across_scores.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
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

// How often each run of a method on one data set is in a sample.
using Counts = std::vector<std::uint32_t>;

// One a data set.
using Sample = std::vector<const Counts*>;

double MeanOf(const std::vector<double>& values, const Counts& counts) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += counts[i] * values[i];
  return sum / static_cast<double>(values.size());
}

// Lets a sample's interquartile mean be found in one pass over its counts, by
// merging the data sets.
class IqmOfCounts {
 public:
  explicit IqmOfCounts(const RunScores& scores) : runs_(RunsOf(scores)) {
    for (const auto& list : scores) {
      auto& sorted = sorted_.emplace_back();
      for (const double value : list) sorted.push_back({value, sorted.size()});
      std::stable_sort(
          sorted.begin(), sorted.end(),
          [](const Run& a, const Run& b) { return a.value < b.value; });
    }
  }

  // Of the scores less the centre of their data set.
  double operator()(const Sample& sample,
                    const std::vector<double>& centres) const {
    const std::size_t first = runs_ / 4, last = runs_ - first;
    std::vector<std::size_t> next(sorted_.size());
    double sum = 0;
    for (std::size_t begin = 0; begin < last;) {
      double lowest = std::numeric_limits<double>::infinity();
      std::size_t from = 0;
      for (std::size_t d = 0; d < sorted_.size(); ++d) {
        if (next[d] == sorted_[d].size()) continue;
        const double value = sorted_[d][next[d]].value - centres[d];
        if (value >= lowest) continue;
        lowest = value;
        from = d;
      }
      const std::size_t end =
          begin + (*sample[from])[sorted_[from][next[from]++].place];
      const std::size_t inner = std::max(begin, first);
      const std::size_t outer = std::min(end, last);
      if (outer > inner) sum += static_cast<double>(outer - inner) * lowest;
      begin = end;
    }
    return sum / static_cast<double>(last - first);
  }

 private:
  struct Run {
    double value;
    std::size_t place;
  };
  std::size_t runs_;
  std::vector<std::vector<Run>> sorted_;  // by rising value, one a data set
};

// Of one method against the reference, from the counts of both.
class ImprovementOfCounts {
 public:
  ImprovementOfCounts(const RunScores& scores, const RunScores& reference) {
    for (std::size_t d = 0; d < scores.size(); ++d) {
      std::vector<double> others = reference[d];
      std::sort(others.begin(), others.end());
      auto& beaten = beaten_.emplace_back();
      for (double value : scores[d]) {
        const auto [below, above] =
            std::equal_range(others.begin(), others.end(), value);
        beaten.push_back({static_cast<std::size_t>(below - others.begin()),
                          static_cast<std::size_t>(above - others.begin())});
      }
      twice_pairs_.push_back(2 * static_cast<double>(scores[d].size()) *
                             static_cast<double>(others.size()));
    }
  }

  // `before`[d][i] = how many runs of the reference are in the sample among its
  // i lowest.
  double operator()(const Sample& sample,
                    const std::vector<Counts>& before) const {
    double sum = 0;
    for (std::size_t d = 0; d < beaten_.size(); ++d) {
      std::uint64_t wins = 0;  // twice, so that a tie is 1
      for (std::size_t i = 0; i < beaten_[d].size(); ++i) {
        const auto [below, not_above] = beaten_[d][i];
        wins += (*sample[d])[i] * (before[d][below] + before[d][not_above]);
      }
      sum += static_cast<double>(wins) / twice_pairs_[d];
    }
    return sum / static_cast<double>(beaten_.size());
  }

 private:
  struct Beaten {
    std::size_t below, not_above;
  };
  std::vector<std::vector<Beaten>> beaten_;
  std::vector<double> twice_pairs_;
};

// Places of the values by rising value.
std::vector<std::size_t> Rising(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

// What all methods of a comparison are measured by.
class Centres {
 public:
  Centres(const std::vector<NamedScores>& methods, std::size_t reference)
      : methods_(methods), reference_(reference) {}

  // One a data set, of one sample of each method.
  std::vector<double> Of(const std::vector<Sample>& samples) const {
    std::vector<double> centres;
    for (std::size_t d = 0; d < methods_.front().scores.size(); ++d) {
      double sum = 0, runs = 0;
      for (std::size_t m = 0; m < methods_.size(); ++m) {
        if (reference_ < methods_.size() && m != reference_) continue;
        const auto& list = methods_[m].scores[d];
        const auto size = static_cast<double>(list.size());
        if (list.empty()) continue;
        sum += size * MeanOf(list, *samples[m][d]);
        runs += size;
      }
      centres.push_back(sum / runs);
    }
    return centres;
  }

 private:
  const std::vector<NamedScores>& methods_;
  const std::size_t reference_;
};

// The draws of all methods, each run of a data set as often as it was drawn.
class Draws {
 public:
  explicit Draws(const std::vector<NamedScores>& methods) {
    std::map<std::string, std::size_t> places;
    for (const NamedScores& method : methods) {
      auto& own = places_.emplace_back();
      for (std::size_t d = 0; d < method.scores.size(); ++d) {
        // Runs of the same seeds are drawn together, by one stream.
        const std::string stream =
            method.seeds.empty()
                ? fmt::format("bootstrap over runs of {}: {}", d, method.name)
                : fmt::format("bootstrap over seeds of {}: {}", d,
                              fmt::join(method.seeds[d], " "));
        const auto [found, added] = places.emplace(stream, streams_.size());
        if (added) streams_.push_back({stream, method.scores[d].size()});
        own.push_back(found->second);
      }
    }
  }

  struct State {
    std::vector<Resampler> resamplers;
    std::vector<Counts> counts;   // one a stream
    std::vector<Sample> samples;  // one a method, into `counts`
  };
  // Every run once; `block` of draws.
  std::unique_ptr<State> Start(std::size_t block) const {
    auto state = std::make_unique<State>();
    for (const Stream& stream : streams_) {
      state->resamplers.emplace_back(Random(block, stream.name));
      state->counts.emplace_back(stream.runs, 1);
    }
    for (const auto& own : places_) {
      Sample& sample = state->samples.emplace_back();
      for (const std::size_t place : own) {
        sample.push_back(&state->counts[place]);
      }
    }
    return state;
  }
  static void Next(State& state) {
    for (std::size_t s = 0; s < state.counts.size(); ++s) {
      Counts& counts = state.counts[s];
      std::fill(counts.begin(), counts.end(), 0);
      const auto size = static_cast<std::uint32_t>(counts.size());
      for (std::uint32_t i = 0; i < size; ++i) {
        ++counts[state.resamplers[s].Draw(size)];
      }
    }
  }

 private:
  struct Stream {
    std::string name;
    std::size_t runs;
  };
  std::vector<Stream> streams_;
  std::vector<std::vector<std::size_t>> places_;  // [method][data set]
};

// One method's estimates in every bootstrap sample.
struct Samples {
  std::vector<double> iqm, improvement;
};

class Bootstrap {
 public:
  Bootstrap(const std::vector<NamedScores>& methods, std::size_t reference)
      : methods_(methods),
        reference_(reference),
        centres_(methods, reference),
        draws_(methods),
        samples_(methods.size()) {
    for (const NamedScores& method : methods) {
      runs_ += RunsOf(method.scores);
      iqm_.emplace_back(method.scores);
      if (!HasReference()) continue;
      improvement_.emplace_back(method.scores, methods[reference].scores);
    }
    if (HasReference()) {
      for (const auto& list : methods[reference].scores) {
        rising_.push_back(Rising(list));
      }
    }
    for (Samples& samples : samples_) {
      samples.iqm.resize(kRepetitions);
      if (HasReference()) samples.improvement.resize(kRepetitions);
    }
  }

  // The estimates from every run once.
  std::vector<double> Iqms() const {
    const auto all = draws_.Start(0);
    const std::vector<double> centres = centres_.Of(all->samples);
    std::vector<double> iqms;
    for (std::size_t m = 0; m < methods_.size(); ++m) {
      iqms.push_back(iqm_[m](all->samples[m], centres));
    }
    return iqms;
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
    const auto state = draws_.Start(block);
    std::vector<Counts> before;
    for (const auto& order : rising_) before.emplace_back(order.size() + 1);
    for (std::size_t i = 0; i < kBlockSize; ++i) {
      const std::size_t at = block * kBlockSize + i;
      Draws::Next(*state);
      const std::vector<double> centres = centres_.Of(state->samples);
      for (std::size_t d = 0; d < before.size(); ++d) {
        const Counts& counts = *state->samples[reference_][d];
        for (std::size_t r = 0; r < counts.size(); ++r) {
          before[d][r + 1] = before[d][r] + counts[rising_[d][r]];
        }
      }
      for (std::size_t m = 0; m < methods_.size(); ++m) {
        if (m == reference_) continue;
        const Sample& sample = state->samples[m];
        samples_[m].iqm[at] = iqm_[m](sample, centres);
        if (!HasReference()) continue;
        samples_[m].improvement[at] = improvement_[m](sample, before);
      }
    }
  }

  const std::vector<NamedScores>& methods_;
  const std::size_t reference_;
  const Centres centres_;
  const Draws draws_;
  std::size_t runs_ = 0;
  std::vector<IqmOfCounts> iqm_;
  std::vector<ImprovementOfCounts> improvement_;
  std::vector<std::vector<std::size_t>> rising_;  // runs of the reference
  std::vector<Samples> samples_;
};

// None where every sample gave the same, as few runs that do not overlap do: an
// interval of no width would claim certainty.
std::optional<Interval> IntervalOf(const std::vector<double>& samples,
                                   double tail) {
  const Interval interval = PercentileInterval(samples, tail);
  if (interval.high - interval.low <= kRounding) return std::nullopt;
  return interval;
}

// Every run of each data set once.
std::vector<Counts> Once(const RunScores& scores) {
  std::vector<Counts> counts;
  for (const auto& list : scores) counts.emplace_back(list.size(), 1);
  return counts;
}

Sample SampleOf(const std::vector<Counts>& counts) {
  Sample sample;
  for (const Counts& own : counts) sample.push_back(&own);
  return sample;
}

}  // namespace

double InterquartileMean(const RunScores& scores) {
  const std::vector<Counts> counts = Once(scores);
  return IqmOfCounts(scores)(SampleOf(counts),
                             std::vector<double>(scores.size()));
}

double ProbabilityOfImprovement(const RunScores& scores,
                                const RunScores& reference) {
  const std::vector<Counts> counts = Once(scores);
  std::vector<Counts> before;
  for (const auto& list : reference) {
    Counts& places = before.emplace_back(list.size() + 1);
    std::iota(places.begin(), places.end(), 0u);
  }
  return ImprovementOfCounts(scores, reference)(SampleOf(counts), before);
}

std::vector<AcrossEstimate> EstimateAcross(
    const std::vector<NamedScores>& methods, std::size_t reference) {
  const bool has_reference = reference < methods.size();
  std::vector<AcrossEstimate> estimates(methods.size());
  if (methods.empty()) return estimates;
  Bootstrap bootstrap(methods, reference);
  const std::vector<double> iqms = bootstrap.Iqms();
  std::size_t least = static_cast<std::size_t>(-1);
  if (has_reference) least = RunsOf(methods[reference].scores);
  std::vector<std::size_t> runs;  // that an interval rests on; 0: none
  for (std::size_t m = 0; m < methods.size(); ++m) {
    estimates[m].iqm = iqms[m];
    if (has_reference && m != reference) {
      estimates[m].improvement = ProbabilityOfImprovement(
          methods[m].scores, methods[reference].scores);
    }
    const std::size_t own = std::min(least, RunsOf(methods[m].scores));
    const bool spreads = m != reference && own > methods[m].scores.size();
    runs.push_back(spreads ? own : 0);
  }
  if (std::all_of(runs.begin(), runs.end(), [](auto n) { return n == 0; })) {
    return estimates;
  }
  const std::vector<Samples>& samples = bootstrap.Run();
  for (std::size_t m = 0; m < methods.size(); ++m) {
    if (runs[m] == 0) continue;
    const double tail = ExpandedTail(runs[m], methods[m].scores.size());
    estimates[m].iqm_interval = IntervalOf(samples[m].iqm, tail);
    if (!has_reference) continue;
    estimates[m].improvement_interval =
        IntervalOf(samples[m].improvement, tail);
  }
  return estimates;
}

}  // namespace msdbench
