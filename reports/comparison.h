// From records to tables: methods against each other, over seeds.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "reports/across_datasets.h"
#include "reports/detectable_difference.h"
#include "reports/run_matrix.h"
#include "reports/table.h"
#include "reports/trained_models.h"

namespace msdbench {

struct ComparisonOptions {
  MatrixOrder order;
  // The method that differences are taken to; empty = the one named "kd", else
  // the first of that kind, else none.
  std::string reference;
  int decimals = 1;  // of percentages, 1 or 2
  // Columns of a data set in the main table, and so in the family of tests.
  std::size_t main_metrics = 2;
  // The folder that the records' sources are relative to, where predictions lie
  // beside them; empty = no tests by example.
  std::filesystem::path store;
};

struct Comparison {
  // Test split, multimodal view: methods x the first metrics of each data set,
  // in percent, with the mean paired difference to the reference.
  Table main;
  Table brief;  // the first metric only, to fit a terminal
  // Those of `main`: 95 % interval of the mean and adjusted p; in the last row
  // how small a difference so many seeds could have shown.
  Table differences;
  std::vector<Table> views;  // one a data set: its primary metric by view
  Table cost;                // parameters, time, memory
  // Every aggregate in long form, unrounded, as stored in the records:
  // dataset, metric, split, view, method, n, failed, mean, sd, delta_kd,
  // delta_kd_sd, delta_kd_n, p, p_holm, unit, records (";" between files), and
  // the 95 % intervals of mean and delta_kd: ci_low, ci_high, delta_kd_ci_low,
  // delta_kd_ci_high, and detectable, as in the last row of `differences`.
  // First, where there are any: the runs that are left out for being of another
  // plan, with metric "left_out", n of them and, in `note`, why.
  Table long_form;
  // The numbers of tables below, for other renderers.
  std::vector<DetectableDifference> detectable;
  AcrossDatasets across;
  TrainedModels trained_models;
  // Without rows where there is nothing to show.
  Table overall;         // methods over all data sets
  Table models;          // trained models against the reference's, by method
  Table models_by_seed;  // the same, one row a pair
};

// Cells keep the runs behind them. Nothing is left out in silence: what is
// missing, failed, undefined or over fewer seeds has a footnote. A difference
// is marked "*" where a test says that it is more than chance, all differences
// of the main table taken together (difference_family.h); others are no claims.
Comparison Compare(const RunMatrix& matrix,
                   const ComparisonOptions& options = {});

}  // namespace msdbench
