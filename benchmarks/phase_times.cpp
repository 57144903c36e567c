#include "benchmarks/phase_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace msdbench {
namespace {

constexpr const char* kNames[] = {"loading", "teachers", "training",
                                  "evaluation", "models and files"};

}  // namespace

void PhaseTimes::Add(Phase phase, double seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  seconds_[static_cast<std::size_t>(phase)] += seconds;
}

std::string PhaseTimes::Text(int workers, double wall) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const double total = std::max(1e-9, workers * wall);
  std::string text =
      fmt::format("{} worker{}: ", workers, workers == 1 ? "" : "s");
  for (std::size_t i = 0; i < seconds_.size(); ++i) {
    text += fmt::format("{} {:.0f} %, ", kNames[i], 100 * seconds_[i] / total);
  }
  const double busy = std::accumulate(seconds_.begin(), seconds_.end(), 0.0);
  return text +
         fmt::format("idle {:.0f} %", 100 * std::max(0.0, 1 - busy / total));
}

}  // namespace msdbench
