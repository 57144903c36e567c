// One number for several data sets, with what runs leave uncertain about it:
// after Agarwal et al. 2021, "Deep reinforcement learning at the edge of the
// statistical precipice" (NeurIPS).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/interval.h"

namespace msdbench {

// Scores of one method's runs, one list a data set, higher is better.
using RunScores = std::vector<std::vector<double>>;

// Mean of all runs on all data sets after the floor(n / 4) lowest and as many
// of the highest are cut off. There must be a run.
double InterquartileMean(const RunScores& scores);

// Chance that a run of `scores` beats one of `reference` on the same data set,
// ties half (Mann and Whitney's U / nm), mean over the data sets. Each data set
// needs a run of both.
double ProbabilityOfImprovement(const RunScores& scores,
                                const RunScores& reference);

struct AcrossEstimate {
  double iqm = 0;          // of the differences to the centres
  double improvement = 0;  // over the reference
  std::optional<Interval> iqm_interval, improvement_interval;
};

struct NamedScores {
  std::string name;
  RunScores scores;  // the same data sets for all methods
  // Of each run; empty: this method's runs are paired with no other's.
  std::vector<std::vector<std::uint64_t>> seeds = {};
};

// Both numbers of each method. A score enters the interquartile mean as its
// difference to a centre, the reference's mean on the data set, or that of all
// methods' runs where there is no reference: raw scores would be ranked by data
// set, and cutting off quarters would cut off data sets.
//
// Intervals are 95 % ones from kRepetitions bootstrap samples, between
// percentiles expanded for few runs (ExpandedTail). A sample draws the runs of
// every method within each data set, the reference's as well, and takes its
// centres anew: else they would count as known. Methods that have the same
// seeds on a data set get the same draw there. No interval for the reference,
// where it or the method has a single run on every data set, or where all
// samples agree.
//
// `reference`: a place in `methods`, or their number for none; improvement is
// then 0. With a reference another method changes no interval.
std::vector<AcrossEstimate> EstimateAcross(
    const std::vector<NamedScores>& methods, std::size_t reference);

}  // namespace msdbench
