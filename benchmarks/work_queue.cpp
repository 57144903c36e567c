#include "benchmarks/work_queue.h"

#include <thread>
#include <utility>
#include <vector>

namespace msdbench {

void WorkQueue::Add(double cost, Task task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tasks_.emplace(cost, std::move(task));
  changed_.notify_one();
}

void WorkQueue::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    // With nothing waiting, a running task may still add some.
    changed_.wait(lock, [&] { return !tasks_.empty() || running_ == 0; });
    if (tasks_.empty()) return;
    const Task task = std::move(tasks_.begin()->second);
    tasks_.erase(tasks_.begin());
    ++running_;
    lock.unlock();
    task();
    lock.lock();
    if (--running_ == 0) changed_.notify_all();
  }
}

void WorkQueue::Run(int workers, const std::function<void()>& prepare) {
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; ++i) {
    threads.emplace_back([&] {
      prepare();
      Work();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace msdbench
