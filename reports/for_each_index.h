// Independent pieces of work on all cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <thread>
#include <vector>

namespace msdbench {

// Calls work(0) ... work(count - 1), each once; another thread for every
// `worth_a_thread` of them. What `work` throws is thrown here, after the
// others have ended.
template <typename Work>
void ForEachIndex(std::size_t count, std::size_t worth_a_thread,
                  const Work& work) {
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0};
  std::vector<std::future<void>> helpers;
  const auto drain = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  for (std::size_t t = 1; t < std::min(cores, count / worth_a_thread); ++t) {
    helpers.push_back(std::async(std::launch::async, drain));
  }
  drain();
  for (auto& helper : helpers) helper.get();
}

}  // namespace msdbench
