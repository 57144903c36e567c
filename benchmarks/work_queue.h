// Tasks for a few worker threads, where a task may add more tasks.
#pragma once

#include <condition_variable>
#include <functional>
#include <limits>
#include <map>
#include <mutex>

namespace msdbench {

struct Workers {
  int count = 1;
  // GiB for all tasks that run at a time.
  double memory = std::numeric_limits<double>::infinity();
  std::function<void()> prepare =
      nullptr;  // runs first on each thread; may be empty
};

class WorkQueue {
 public:
  using Task = std::function<void()>;

  // Dearer tasks start first, so that no long one is left for the end; equal
  // ones in the order of adding. One that wants more memory (GiB) than is left
  // lets others pass; one that wants more than there is runs alone.
  void Add(double cost, double memory, Task task);

  // Runs tasks until none is left. Tasks must not throw.
  void Run(const Workers& workers);

 private:
  struct Entry {
    double memory;
    Task task;
  };
  using Entries = std::multimap<double, Entry, std::greater<>>;

  void Work(double memory);
  Entries::iterator FirstThatFits(double memory);

  std::mutex mutex_;
  std::condition_variable changed_;
  Entries tasks_;
  int running_ = 0;
  double used_ = 0;  // GiB of running tasks
};

}  // namespace msdbench
