// One number of the runs in a cell, over their seeds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/run_matrix.h"
#include "reports/statistics.h"

namespace msdbench {

struct Aggregate {
  BySeed values;  // of the runs that have the number
  Summary summary;
  // Runs where it could not be computed: "seed 2: only one class".
  std::vector<std::string> undefined;
  std::vector<std::uint64_t> absent;  // seeds whose records lack it altogether
};

Aggregate AggregateMetric(const RunMatrix::Runs& runs, const std::string& split,
                          const std::string& view, const std::string& metric);

// Of a number that a record has once, such as its training time.
using RecordNumber = std::optional<double> Record::*;
Aggregate AggregateNumber(const RunMatrix::Runs& runs, RecordNumber number);

// "seed 3", "seeds 3, 4".
std::string SeedsText(const std::vector<std::uint64_t>& seeds);

// "seed 3 failed: out of memory", runs with the same error in one line.
std::vector<std::string> FailureLines(const RunMatrix::Runs& runs);

// The files of all runs, failed ones too, by seed.
std::vector<std::string> SourcesOf(const RunMatrix::Runs& runs);

}  // namespace msdbench
