// What a person sees while a suite runs: a line a finished run and a status
// line with the time left on a terminal, a line an epoch in a pipe.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>

#include "benchmarks/epoch_report.h"

namespace msdbench {

enum class ProgressStyle { kTerminal, kLines, kQuiet };

// kTerminal when stderr is one, else kLines.
ProgressStyle DetectProgressStyle();

// Safe to call from any thread.
class Progress {
 public:
  // `total_cost`: the sum of all runs' costs, in any one unit. `things`: what
  // they are called on the status line.
  Progress(ProgressStyle style, int runs, double total_cost,
           std::FILE* out = stderr, std::string things = "runs");
  ~Progress();

  // Returns a handle for the calls below.
  int Begin(const std::string& title, double cost);
  void Step(int run, double share);
  void Epoch(int run, const EpochReport& report, std::int64_t epochs);
  // What a run does before or after its epochs: "decoding 120 images: 30 %".
  void Phase(int run, const std::string& what);
  // `outcome`: "roc_auc 78.2", "reused", "failed: ...".
  void End(int run, const std::string& outcome);
  // A line of its own, whatever the style; never lost.
  void Note(const std::string& line);

 private:
  struct Run {
    std::string title, latest;
    bool is_phase = false;  // what `latest` tells
    double cost = 0, share = 0;
    std::chrono::steady_clock::time_point start;
  };
  void Print(const std::string& line);  // above the status line
  void DrawStatus(bool now);
  void ClearStatus();

  std::mutex mutex_;
  std::FILE* out_;
  ProgressStyle style_;
  std::string things_;
  int runs_, finished_ = 0, next_ = 0;
  double total_cost_, done_cost_ = 0;
  std::chrono::steady_clock::time_point start_, drawn_;
  std::map<int, Run> active_;
  bool status_shown_ = false;
};

// "1:05", "12:30", "2:03:00".
std::string ClockText(double seconds);

}  // namespace msdbench
