// A run's memory is its own, whatever runs beside it.
#include "benchmarks/machine/run_memory.h"

#include <ATen/ATen.h>
#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "benchmarks/batch_stream.h"
#include "benchmarks/prepared_data.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

class RunMemoryTest : public testing::Test {
 protected:
  RunMemoryTest() : before_(c10::GetCPUAllocator()) { KeepFreedMemory(); }
  ~RunMemoryTest() override { c10::SetCPUAllocator(before_, 1); }

 private:
  c10::Allocator* before_;
};

constexpr std::int64_t kMibOfFloats = 1 << 18;

TEST_F(RunMemoryTest, OfRunsSideBySideEachHasItsOwn) {
  std::mutex mutex;
  std::condition_variable changed;
  int holding = 0;
  std::vector<double> peaks(3);
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      const RunMemory memory(c10::kCPU);
      const at::Tensor mine = at::empty({(1 + t) * kMibOfFloats});
      at::empty({5 * kMibOfFloats});
      // All hold theirs at the same time.
      std::unique_lock<std::mutex> lock(mutex);
      ++holding;
      changed.notify_all();
      changed.wait(lock, [&] { return holding == 3; });
      peaks[t] = *memory.Peak().mib;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(peaks, (std::vector<double>{6, 7, 8}));
}

TEST_F(RunMemoryTest, ARunAfterALargeOneIsSmall) {
  {
    const RunMemory large(c10::kCPU);
    at::empty({64 * kMibOfFloats});
    EXPECT_EQ(large.Peak().mib, 64);
  }
  const RunMemory small(c10::kCPU);
  at::empty({kMibOfFloats});
  EXPECT_EQ(small.Peak().mib, 1);
}

TEST_F(RunMemoryTest, BatchesMadeAheadCount) {
  const PreparedData data =
      PrepareData(ParseSuite(TinySuiteJson(), "tiny").datasets[0],
                  {TinyDataRoot(), {}, {}}, 1);
  const RunMemory memory(c10::kCPU);
  std::size_t bytes = 0;
  {
    BatchStream stream(data.train, data.all_rows,
                       static_cast<std::int64_t>(data.all_rows.size()),
                       c10::kCPU);
    bytes = stream.Next()->images.nbytes();
  }
  EXPECT_GE(*memory.Peak().mib * 1024 * 1024, bytes);
}

TEST_F(RunMemoryTest, WithoutANumberThereIsAReason) {
  EXPECT_FALSE(RunMemory(c10::Device(c10::kCUDA, 0)).Peak().mib);
  EXPECT_NE(RunMemory(c10::Device(c10::kCUDA, 0)).Peak().reason, "");
}

TEST(RunMemoryWithoutAccounts, HasAReasonToo) {
  ASSERT_FALSE(KeepsFreedMemory());
  const RunMemoryPeak peak = RunMemory(c10::kCPU).Peak();
  EXPECT_FALSE(peak.mib);
  EXPECT_NE(peak.reason, "");
}

}  // namespace
}  // namespace msdbench
