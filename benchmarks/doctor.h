// `msdbench doctor`: what is slow or broken on this machine, and how to mend
// it. The judgement is in diagnosis.h.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "benchmarks/diagnosis.h"
#include "reports/error.h"
#include "reports/json_file.h"

namespace msdbench {

// An aligned table, the advice under its row; ASCII, ends with a newline.
std::string FindingsText(const std::vector<Finding>& findings);
// {"verdict", "findings": [{"name", "value", "verdict", "mend"}],
//  "measured": {figure: number}}
Json FindingsJson(const Measurements& measured,
                  const std::vector<Finding>& findings);

struct DoctorOptions {
  std::filesystem::path out = "runs";  // where records would go
  std::filesystem::path temp;          // empty = the system's folder
};

// Takes a few seconds and all cores; leaves LibTorch's thread count as it was.
Measurements Measure(const DoctorOptions& options);

// Measures, then writes the table or (json) the JSON and the environment to
// `out`. kCheckFailed when something is a problem.
ExitCode RunDoctor(const DoctorOptions& options, bool json, std::ostream& out);

}  // namespace msdbench
