#include "benchmarks/work_queue.h"

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "benchmarks/phase_times.h"

namespace msdbench {
namespace {

using testing::ElementsAre;

TEST(WorkQueue, DearestFirstEqualOnesInOrder) {
  WorkQueue queue;
  std::vector<std::string> ran;
  for (auto [name, cost] : {std::pair{"cheap", 1.0},
                            {"dear", 9.0},
                            {"middling", 5.0},
                            {"also middling", 5.0}}) {
    queue.Add(cost, 0,
              [&ran, name = std::string(name)] { ran.push_back(name); });
  }
  queue.Run({1});
  EXPECT_THAT(ran, ElementsAre("dear", "middling", "also middling", "cheap"));
}

TEST(WorkQueue, ATaskMayAddTasksWhenNothingElseWaits) {
  WorkQueue queue;
  std::atomic<int> ran{0};
  queue.Add(1, 0, [&] {
    for (int i = 0; i < 3; ++i) queue.Add(1, 0, [&] { ++ran; });
  });
  queue.Run({2});
  EXPECT_EQ(ran, 3);
}

// Tasks note how much memory is in use while they run, and give others a
// chance to start beside them.
class MemoryMeter {
 public:
  WorkQueue::Task Task(double memory) {
    return [this, memory] {
      std::unique_lock<std::mutex> lock(mutex_);
      used_ += memory;
      ++running_;
      most_used_ = std::max(most_used_, used_);
      most_running_ = std::max(most_running_, running_);
      changed_.notify_all();
      changed_.wait_for(lock, std::chrono::milliseconds(20),
                        [&] { return running_ > 1; });
      used_ -= memory;
      --running_;
      ++ran_;
    };
  }
  double most_used() const { return most_used_; }
  int most_running() const { return most_running_; }
  int ran() const { return ran_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  double used_ = 0, most_used_ = 0;
  int running_ = 0, most_running_ = 0, ran_ = 0;
};

TEST(WorkQueue, TasksThatDoNotFitTogetherWait) {
  WorkQueue queue;
  MemoryMeter meter;
  for (int i = 0; i < 12; ++i) {
    const double memory = i % 3 == 0 ? 0.7 : 0.3;
    queue.Add(12 - i, memory, meter.Task(memory));
  }
  queue.Run({4, /*memory=*/1.05});
  EXPECT_EQ(meter.ran(), 12);
  EXPECT_LE(meter.most_used(), 1.05);
  EXPECT_GT(meter.most_running(), 1);
}

TEST(WorkQueue, ATaskTooLargeRunsAlone) {
  WorkQueue queue;
  MemoryMeter meter;
  queue.Add(3, 5, meter.Task(5));
  queue.Add(2, 7, meter.Task(7));
  queue.Run({2, /*memory=*/1});
  EXPECT_EQ(meter.ran(), 2);
  EXPECT_EQ(meter.most_running(), 1);
}

TEST(PhaseTimes, SharesOfAllWorkersTime) {
  PhaseTimes times;
  times.Add(Phase::kLoading, 2);
  times.Add(Phase::kTraining, 10);
  times.Add(Phase::kTraining, 2);
  times.Add(Phase::kEvaluation, 4);
  EXPECT_EQ(times.Text(/*workers=*/2, /*wall=*/10),
            "2 workers: loading 10 %, teachers 0 %, training 60 %, evaluation "
            "20 %, models and files 0 %, idle 10 %");
}

}  // namespace
}  // namespace msdbench
