// One number for several data sets, with what runs leave uncertain about it:
// after Agarwal et al. 2021, "Deep reinforcement learning at the edge of the
// statistical precipice" (NeurIPS).
#pragma once

#include <cstddef>
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
  double iqm = 0;
  double improvement = 0;  // over the reference
  std::optional<Interval> iqm_interval, improvement_interval;
};

struct NamedScores {
  std::string name;
  RunScores scores;  // the same data sets for all methods
};

// Both numbers of each method, with 95 % percentile intervals from kRepetitions
// bootstrap samples that draw every method's runs within each data set; none
// where a method has a single run on every data set, or all samples agree.
// `reference`: a place in
// `methods`, or their number for none; improvement is then 0. Draws are seeded
// by the method's name, so another method changes no interval.
std::vector<AcrossEstimate> EstimateAcross(
    const std::vector<NamedScores>& methods, std::size_t reference);

}  // namespace msdbench
