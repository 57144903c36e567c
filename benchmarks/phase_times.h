// Where a suite's time went, over all of its workers.
#pragma once

#include <array>
#include <mutex>
#include <string>

namespace msdbench {

enum class Phase { kLoading, kTeachers, kTraining, kEvaluation, kFiles };

class PhaseTimes {
 public:
  void Add(Phase phase, double seconds);

  // "2 workers: loading 5 %, teachers 20 %, ..., idle 3 %", of `workers` times
  // `wall` seconds.
  std::string Text(int workers, double wall) const;

 private:
  mutable std::mutex mutex_;
  std::array<double, 5> seconds_{};
};

}  // namespace msdbench
