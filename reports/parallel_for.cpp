#include "reports/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace msdbench {

void ParallelFor(std::size_t count, int threads,
                 const std::function<void(std::size_t)>& turn) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr first;
  std::size_t first_turn = count;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        turn(i);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        if (i < first_turn) first = std::current_exception();
        first_turn = std::min(first_turn, i);
      }
    }
  };
  constexpr std::size_t kMostThreads = 256;
  const std::size_t useful = std::min(
      {count, kMostThreads, static_cast<std::size_t>(std::max(threads, 1))});
  std::vector<std::thread> pool;
  try {
    for (std::size_t t = 1; t < useful; ++t) pool.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads to be had: those that there are do all of it.
  }
  work();
  for (std::thread& thread : pool) thread.join();
  if (first) std::rethrow_exception(first);
}

int ThreadsFor(std::size_t useful) {
  const std::size_t cores = std::thread::hardware_concurrency();
  return static_cast<int>(std::max<std::size_t>(std::min(cores, useful), 1));
}

}  // namespace msdbench
