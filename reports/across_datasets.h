// A report's methods over all of its data sets.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/across_scores.h"
#include "reports/run_matrix.h"
#include "reports/table.h"

namespace msdbench {

struct AcrossMethod {
  std::size_t method = 0;  // place in matrix.methods()
  std::size_t runs = 0;    // with a value, on the data sets taken in
  // Interquartile mean of the primary metrics, each less the reference's mean
  // on its data set, fractions. Without a reference that has numbers: less the
  // mean of all methods' runs that have.
  std::optional<double> iqm;
  std::optional<Interval> iqm_interval;
  // Over the reference; none for it and for teachers. Seeds that both have are
  // drawn together (EstimateAcross).
  std::optional<double> improvement;
  std::optional<Interval> improvement_interval;
  std::string reason;  // why there are no numbers; else empty
};

struct AcrossDatasets {
  std::vector<std::size_t> datasets;  // taken in, places in matrix.datasets()
  std::vector<std::string> left_out;  // "VQA v2: no run came through"
  std::vector<AcrossMethod> methods;  // empty with fewer than two data sets
};

// Test split, multimodal view. A data set is left out when lower is better or
// no run has a value; a method has numbers when it has a run on each of the
// rest. `reference` as in DifferenceFamily.
AcrossDatasets CompareAcross(const RunMatrix& matrix, std::size_t reference);

// "Over all data sets", in percent with `decimals`; no rows where `across` has
// no methods.
Table AcrossTable(const RunMatrix& matrix, std::size_t reference,
                  const AcrossDatasets& across, int decimals);

}  // namespace msdbench
