// Where in an HTML report the runs behind a cell are.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "reports/run_matrix.h"
#include "reports/table.h"

namespace msdbench {

class RunIndex {
 public:
  // `store_link` leads from the page to the folder of records ("../"); empty =
  // records are named, not linked.
  RunIndex(const RunMatrix& matrix, std::string store_link);

  // The place in the page of the runs behind a cell, "#runs-0-2"; of several
  // methods the cell's own. Empty for a cell without runs.
  std::string LinkOf(const Cell& cell) const;

  // Every run of every data set and method, each group with its id.
  std::string Render() const;

 private:
  std::string RunText(const Record& record) const;

  const RunMatrix& matrix_;
  const std::string store_link_;
  std::map<std::string, std::string> ids_;  // record file -> id of its group
};

}  // namespace msdbench
