// Events of a suite as JSON, one object a line; docs/progress.md tells the
// fields.
#pragma once

#include <cstdio>
#include <mutex>
#include <string>

#include "benchmarks/run_listener.h"
#include "reports/json_file.h"

namespace msdbench {

class JsonLines : public RunListener {
 public:
  // Each line is flushed, so that a reader sees it at once.
  explicit JsonLines(std::FILE* out) : out_(out) {}

  void OnSuiteStart(const std::string& suite, int runs) override;
  void OnRunStart(const RunName& run) override;
  void OnEpoch(const RunName& run, const EpochReport& epoch,
               std::int64_t epochs) override;
  void OnRunEnd(const RunName& run, const RunEnd& end) override;
  void OnSuiteEnd(const SuiteEnd& end) override;

 private:
  void Write(const Json& event);

  std::mutex mutex_;
  std::FILE* out_;
};

}  // namespace msdbench
