// From records to tables: methods against each other, over seeds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/run_matrix.h"
#include "reports/table.h"

namespace msdbench {

struct ComparisonOptions {
  MatrixOrder order;
  // The method that differences are taken to; empty = the one named "kd", else
  // the first of that kind, else none.
  std::string reference;
  int decimals = 1;  // of percentages, 1 or 2
  // Columns of a data set in the main table, and so in the family of tests.
  std::size_t main_metrics = 2;
};

struct Comparison {
  // Test split, multimodal view: methods x the first metrics of each data set,
  // in percent, with the mean paired difference to the reference.
  Table main;
  Table brief;               // the first metric only, to fit a terminal
  Table differences;         // those of `main`: spread and adjusted p
  std::vector<Table> views;  // one a data set: its primary metric by view
  Table cost;                // parameters, time, memory
  // Every aggregate in long form, unrounded, as stored in the records:
  // dataset, metric, split, view, method, n, failed, mean, sd, delta_kd,
  // delta_kd_sd, delta_kd_n, p, p_holm, unit, records (";" between files).
  Table long_form;
};

// Cells keep the runs behind them. Nothing is left out in silence: what is
// missing, failed, undefined or over fewer seeds has a footnote. A difference
// is marked "*" where a test says that it is more than chance, all differences
// of the main table taken together (difference_family.h); others are no claims.
Comparison Compare(const RunMatrix& matrix,
                   const ComparisonOptions& options = {});

}  // namespace msdbench
