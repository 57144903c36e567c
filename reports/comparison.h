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
  int decimals = 1;              // of percentages, 1 or 2
  std::size_t main_metrics = 2;  // columns of a data set in the main table
};

struct Comparison {
  // Test split, multimodal view: methods x the first metrics of each data set,
  // in percent, with the mean paired difference to the reference.
  Table main;
  Table differences;         // those differences with their spread
  std::vector<Table> views;  // one a data set: its primary metric by view
  Table cost;                // parameters, time, memory
  // Every aggregate in long form, unrounded, as stored in the records:
  // dataset, metric, split, view, method, n, failed, mean, sd, delta_kd,
  // delta_kd_sd, delta_kd_n, unit, records (";" between files).
  Table long_form;
};

// Cells keep the runs behind them. Nothing is left out in silence: what is
// missing, failed, undefined or over fewer seeds has a footnote. Says of no
// method that it is better: that takes a test.
Comparison Compare(const RunMatrix& matrix,
                   const ComparisonOptions& options = {});

}  // namespace msdbench
