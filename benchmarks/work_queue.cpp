#include "benchmarks/work_queue.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

namespace msdbench {

void WorkQueue::Add(double cost, double memory, Task task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tasks_.emplace(cost, Entry{memory, std::move(task)});
  changed_.notify_one();
}

WorkQueue::Entries::iterator WorkQueue::FirstThatFits(double memory) {
  if (running_ == 0) return tasks_.begin();
  return std::find_if(tasks_.begin(), tasks_.end(), [&](const auto& task) {
    return used_ + task.second.memory <= memory;
  });
}

void WorkQueue::Work(double memory) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    auto next = tasks_.end();
    // With nothing waiting, a running task may still add some.
    changed_.wait(lock, [&] {
      next = FirstThatFits(memory);
      return next != tasks_.end() || (tasks_.empty() && running_ == 0);
    });
    if (next == tasks_.end()) return;
    const Entry entry = std::move(next->second);
    tasks_.erase(next);
    ++running_;
    used_ += entry.memory;
    lock.unlock();
    entry.task();
    lock.lock();
    // Sums of fractions would leave a rest.
    used_ = --running_ == 0 ? 0 : used_ - entry.memory;
    changed_.notify_all();
  }
}

void WorkQueue::Run(const Workers& workers) {
  std::vector<std::thread> threads;
  for (int i = 0; i < workers.count; ++i) {
    threads.emplace_back([&] {
      if (workers.prepare) workers.prepare();
      Work(workers.memory);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace msdbench
