// What a suite tells while it runs: to people (Progress) and to programs
// (RunListener), one call for both.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>

#include "benchmarks/progress.h"
#include "benchmarks/run_listener.h"
#include "benchmarks/stopwatch.h"
#include "benchmarks/work_report.h"

namespace msdbench {

// A run on its way. Lives until its End.
struct ActiveRun {
  int handle;  // Progress's
  RunName name;
  Stopwatch watch;
};

// Safe to call from any thread. A listener that fails costs no run: it is noted
// once.
class RunLog {
 public:
  // `runs` and `cost` of the whole suite; `out` holds the records.
  RunLog(ProgressStyle style, RunListeners listeners, std::filesystem::path out,
         int runs, double cost);

  void SuiteStart(const std::string& suite);
  void SuiteEnd(const msdbench::SuiteEnd& end);

  ActiveRun Begin(const RunName& name, double cost);
  // `tie`: TieText, for people.
  void Done(const ActiveRun& run, const MetricValue& score,
            const std::string& tie);
  // `score`: none where it was not looked up.
  void Reused(const ActiveRun& run, const std::optional<MetricValue>& score);
  void Failed(const ActiveRun& run, const std::string& line);

  // Of a training of so many epochs; `run` outlives it.
  TrainingObserver Observe(const ActiveRun& run, std::int64_t epochs);

  // Where a run's work before and after its training tells how far it is;
  // `run` outlives it.
  WorkReport Report(const ActiveRun& run);

  // A line for people, also where progress is quiet.
  void Note(const std::string& line) { progress_.Note(line); }

 private:
  template <typename Event>
  void Tell(const Event& event) {
    for (const auto& listener : listeners_) {
      try {
        event(*listener);
      } catch (const std::exception& error) {
        if (listener_failed_.exchange(true)) continue;
        Note(std::string("not all events could be written: ") + error.what());
      }
    }
  }
  void End(const ActiveRun& run, const std::string& outcome, RunEnd end);

  const ProgressStyle style_;
  const RunListeners listeners_;
  const std::filesystem::path out_;
  const int runs_;
  Progress progress_;
  std::atomic<bool> listener_failed_{false};
};

}  // namespace msdbench
