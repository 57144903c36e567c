// What long work tells a person while it goes on.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace msdbench {

// Where the lines go; each may be empty. Any thread may call.
struct WorkReport {
  // Something that a person should know: a cache mended.
  std::function<void(const std::string&)> note;
  // What is being done, and how far it is.
  std::function<void(const std::string&)> phase;
};

// To stderr, a line each.
WorkReport ReportToStderr();

// Tells what begins, then how far it is, a line every so often: nothing long
// is silent, and nothing short is loud.
class LongWork {
 public:
  // `what`: "decoding 12140 images of train". `total`: of what `operator()`
  // counts, at least 1.
  LongWork(WorkReport report, std::string what, std::size_t total,
           std::chrono::milliseconds between = std::chrono::seconds(10));

  // So many are done. Any thread may call.
  void operator()(std::size_t done);

 private:
  using Clock = std::chrono::steady_clock;

  const WorkReport report_;
  const std::string what_;
  const std::size_t total_;
  const std::chrono::milliseconds between_;
  const Clock::time_point start_;
  std::mutex mutex_;
  Clock::time_point told_;
};

}  // namespace msdbench
