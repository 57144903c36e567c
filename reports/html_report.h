// The report as one HTML page that needs nothing else: no script, no request.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/comparison.h"

namespace msdbench {

struct HtmlInput {
  const std::vector<Record>& records;
  const RunMatrix& matrix;
  const Comparison& comparison;
  std::vector<std::string> problems;    // one line each
  std::vector<std::string> data_notes;  // one line each
  // The folder of records, where prediction files are; empty = none are read.
  std::filesystem::path store;
  // From the page to `store`, for links to records; empty = no links.
  std::string store_link;
};

// The same input gives the same bytes. What the records do not hold is said in
// the page.
std::string HtmlReport(const HtmlInput& input);

}  // namespace msdbench
