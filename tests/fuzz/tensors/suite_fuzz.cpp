// A suite, as `msdbench run FILE --set ...` reads it: its bytes, then a byte 0
// and the changes, one a line.
#include <algorithm>
#include <sstream>

#include "benchmarks/suite.h"
#include "benchmarks/suite_overrides.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {

FUZZ_TARGET(bytes) {
  const std::size_t end = std::min(bytes.find('\0'), bytes.size());
  std::istringstream lines(
      std::string(bytes.substr(std::min(end + 1, bytes.size()))));
  std::vector<std::string> changes;
  for (std::string line; std::getline(lines, line);) changes.push_back(line);
  Accepts([&] {
    Json json = LoadSuiteJson(InputFile(bytes.substr(0, end)).string());
    ApplyOverrides(json, changes);
    const Suite suite = ParseSuite(json, "suite.json");
    Expect(!suite.datasets.empty() && !suite.seeds.empty(), "a whole suite");
    for (const DatasetPlan& plan : suite.datasets) {
      HashedText(plan.config);
    }
  });
}

}  // namespace msdbench::fuzz
