// Two folders of records beside each other: two commits, or two machines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/run_matrix.h"
#include "reports/statistics.h"
#include "reports/table.h"

namespace msdbench {

// The primary metric of one method on one data set: test split, multimodal
// view.
struct FolderCell {
  std::string dataset, method, metric;
  bool teacher = false;
  Summary first, second;         // over all seeds of each folder
  std::optional<double> change;  // mean of second - first over common seeds
  std::size_t common = 0;        // seeds with a value in both
  std::size_t exact = 0;         // of those, with the same value, bit for bit
  // Training examples a second, second's mean over first's.
  std::optional<double> speed_ratio;
  std::vector<std::string> notes;  // failed runs, other data, other options
};

struct FolderComparison {
  std::vector<FolderCell> cells;  // of either folder
  // Records of other plans, which are left out; code, machine and build that
  // differ.
  std::vector<std::string> notes;
  // Whether runs of other plans are left out of a folder.
  bool plan_is_open = false;
};

// Nothing is tested here: `report` tests methods,
// `check` a suite against its baseline.
FolderComparison CompareFolders(const std::vector<Record>& first,
                                const std::vector<Record>& second,
                                const MatrixOrder& order = {});

Table FolderTable(const FolderComparison& comparison);  // in percent
Json FolderJson(const FolderComparison& comparison);    // fractions

}  // namespace msdbench
