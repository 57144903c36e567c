#include "benchmarks/work_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "benchmarks/progress.h"

namespace msdbench {

WorkReport ReportToStderr() {
  const auto print = [](const std::string& line) {
    std::fprintf(stderr, "%s\n", line.c_str());
  };
  return {print, print};
}

LongWork::LongWork(WorkReport report, std::string what, std::size_t total,
                   std::chrono::milliseconds between)
    : report_(std::move(report)),
      what_(std::move(what)),
      total_(std::max<std::size_t>(total, 1)),
      between_(between),
      start_(Clock::now()),
      told_(start_) {
  if (report_.phase) report_.phase(what_);
}

void LongWork::operator()(std::size_t done) {
  if (!report_.phase || done >= total_) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (now - told_ < between_) return;
  told_ = now;
  const double share = static_cast<double>(done) / static_cast<double>(total_);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  report_.phase(fmt::format(
      "{}: {:.0f} %{}", what_, 100 * share,
      done == 0 ? ""
                : ", " + ClockText(elapsed * (1 - share) / share) + " left"));
}

}  // namespace msdbench
