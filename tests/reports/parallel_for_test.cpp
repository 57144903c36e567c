#include "reports/parallel_for.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace msdbench {
namespace {

TEST(ParallelFor, EveryTurnOnceWhateverTheThreads) {
  for (int threads : {-1, 0, 1, 2, 7, 1000}) {
    for (std::size_t count : {0, 1, 2, 100}) {
      std::vector<std::atomic<int>> calls(count);
      ParallelFor(count, threads, [&](std::size_t i) { ++calls[i]; });
      for (const auto& one : calls) EXPECT_EQ(one, 1);
    }
  }
}

TEST(ParallelFor, TheLowestTurnsExceptionAfterAllTurns) {
  for (int threads : {1, 4}) {
    std::atomic<int> calls{0};
    try {
      ParallelFor(50, threads, [&](std::size_t i) {
        ++calls;
        if (i % 10 == 7) throw std::runtime_error(std::to_string(i));
      });
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "7");
    }
    EXPECT_EQ(calls, 50);
  }
}

TEST(ThreadsFor, AtLeastOneAtMostTheCores) {
  EXPECT_EQ(ThreadsFor(0), 1);
  EXPECT_EQ(ThreadsFor(1), 1);
  EXPECT_LE(ThreadsFor(100000), 100000);
  EXPECT_GE(ThreadsFor(100000), 1);
}

}  // namespace
}  // namespace msdbench
