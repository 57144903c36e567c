// What a suite tells while it runs, to programs: one call an event.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "benchmarks/epoch_report.h"

namespace msdbench {

struct RunName {
  std::string dataset, method;  // "teacher" for teachers
  std::uint64_t seed = 0;
};

struct RunEnd {
  std::string status;  // "ok", "reused", "failed"
  std::string error;   // of a failed run, one line
  // The primary metric, test split, multimodal view; none when it failed or
  // is undefined, and for students that were reused.
  std::optional<MetricValue> score;
  double seconds = 0;
  std::filesystem::path record;
};

struct SuiteEnd {
  int done = 0, reused = 0, failed = 0;
  double seconds = 0;
};

// Calls come from the threads of the runs, several at a time.
class RunListener {
 public:
  virtual ~RunListener() = default;
  virtual void OnSuiteStart(const std::string& suite, int runs) {}
  virtual void OnRunStart(const RunName& run) {}
  // `epochs`: how many are planned.
  virtual void OnEpoch(const RunName& run, const EpochReport& epoch,
                       std::int64_t epochs) {}
  virtual void OnRunEnd(const RunName& run, const RunEnd& end) {}
  virtual void OnSuiteEnd(const SuiteEnd& end) {}
};

using RunListeners = std::vector<std::shared_ptr<RunListener>>;

}  // namespace msdbench
