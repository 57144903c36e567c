#include "benchmarks/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace msdbench {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::size_t TerminalWidth(std::FILE* terminal) {
  winsize size{};
  if (ioctl(fileno(terminal), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return 80;
  }
  return size.ws_col;
}

std::string MetricText(const MetricValue& metric) {
  return metric.value ? fmt::format("{} {:.3f}", metric.name, *metric.value)
                      : fmt::format("{} undefined", metric.name);
}

}  // namespace

std::string ClockText(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60)
                   : fmt::format("{}:{:02}", minutes, whole % 60);
}

ProgressStyle DetectProgressStyle() {
  return isatty(STDERR_FILENO) != 0 ? ProgressStyle::kTerminal
                                    : ProgressStyle::kLines;
}

Progress::Progress(ProgressStyle style, int runs, double total_cost,
                   std::FILE* out, std::string things)
    : out_(out),
      style_(style),
      things_(std::move(things)),
      runs_(runs),
      total_cost_(total_cost),
      start_(Clock::now()),
      drawn_(start_) {}

Progress::~Progress() { ClearStatus(); }

int Progress::Begin(const std::string& title, double cost) {
  const std::lock_guard<std::mutex> lock(mutex_);
  active_[next_] = {title, "", false, cost, 0, Clock::now()};
  DrawStatus(true);
  return next_++;
}

void Progress::Step(int run, double share) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Run& entry = active_[run];
  if (entry.is_phase) entry.latest.clear();  // training has begun
  entry.is_phase = false;
  entry.share = share;
  DrawStatus(false);
}

void Progress::Epoch(int run, const EpochReport& report, std::int64_t epochs) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Run& entry = active_[run];
  const std::string metric = MetricText(report.dev.front());
  entry.latest = fmt::format("epoch {}/{} {}", report.epoch, epochs, metric);
  entry.is_phase = false;
  if (style_ == ProgressStyle::kLines) {
    Print(fmt::format("{}: epoch {}/{}  loss {:.4f}  dev {}", entry.title,
                      report.epoch, epochs, report.losses.front().second,
                      metric));
  }
  DrawStatus(false);
}

void Progress::Phase(int run, const std::string& what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Run& entry = active_[run];
  entry.latest = what;
  entry.is_phase = true;
  if (style_ == ProgressStyle::kLines) {
    Print(fmt::format("{}: {}", entry.title, what));
  }
  DrawStatus(true);
}

void Progress::End(int run, const std::string& outcome) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Run entry = active_[run];
  active_.erase(run);
  done_cost_ += entry.cost;
  ++finished_;
  if (style_ != ProgressStyle::kQuiet) {
    Print(fmt::format("[{:>{}}/{}] {:<40} {:<28} {:>7.1f} s", finished_,
                      std::to_string(runs_).size(), runs_, entry.title, outcome,
                      SecondsSince(entry.start)));
  }
  DrawStatus(true);
}

void Progress::Note(const std::string& line) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Print(line);
  DrawStatus(true);
}

void Progress::Print(const std::string& line) {
  ClearStatus();
  std::fprintf(out_, "%s\n", line.c_str());
}

void Progress::ClearStatus() {
  if (!status_shown_) return;
  std::fputs("\r\033[K", out_);
  std::fflush(out_);
  status_shown_ = false;
}

void Progress::DrawStatus(bool now) {
  constexpr double kRedrawSeconds = 0.2;
  if (style_ != ProgressStyle::kTerminal) return;
  if (!now && SecondsSince(drawn_) < kRedrawSeconds) return;
  drawn_ = Clock::now();
  double done = done_cost_;
  for (const auto& [id, run] : active_) done += run.share * run.cost;
  const double share = total_cost_ > 0 ? done / total_cost_ : 1;
  const double elapsed = SecondsSince(start_);
  // Before a little is done, a guess would only mislead.
  const std::string left =
      share > 0.01 ? ClockText(elapsed * (1 - share) / share) : "-:--";
  std::string line = fmt::format("{}/{} {}  {:>3.0f} %  {} left", finished_,
                                 runs_, things_, 100 * share, left);
  for (const auto& [id, run] : active_) {
    line += fmt::format(" | {} {}", run.title,
                        run.latest.empty()
                            ? fmt::format("{:.0f} %", 100 * run.share)
                            : run.latest);
  }
  line.resize(std::min(line.size(), TerminalWidth(out_) - 1));
  std::fprintf(out_, "\r%s\033[K", line.c_str());
  std::fflush(out_);
  status_shown_ = true;
}

}  // namespace msdbench
