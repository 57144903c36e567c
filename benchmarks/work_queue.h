// Tasks for a few worker threads, where a task may add more tasks.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

namespace msdbench {

class WorkQueue {
 public:
  using Task = std::function<void()>;

  // Dearer tasks start first, so that no long one is left for the end; equal
  // ones in the order of adding.
  void Add(double cost, Task task);

  // Runs tasks on `workers` threads until none is left; `prepare` runs first
  // on each thread. Tasks must not throw.
  void Run(int workers, const std::function<void()>& prepare);

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<double, Task, std::greater<>> tasks_;
  int running_ = 0;
};

}  // namespace msdbench
