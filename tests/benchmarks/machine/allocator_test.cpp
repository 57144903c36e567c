// Memory of freed tensors serves the next ones.
#include "benchmarks/machine/allocator.h"

#include <ATen/ATen.h>
#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace msdbench {
namespace {

class KeptMemoryTest : public testing::Test {
 protected:
  KeptMemoryTest() : before_(c10::GetCPUAllocator()) { KeepFreedMemory(); }
  ~KeptMemoryTest() override { c10::SetCPUAllocator(before_, 1); }

 private:
  c10::Allocator* before_;
};

TEST_F(KeptMemoryTest, ALikeTensorGetsTheSameMemory) {
  const void* first = at::empty({1000, 1000}).data_ptr();
  EXPECT_EQ(at::empty({1000, 1000}).data_ptr(), first);
  // A little shorter will do as well, much shorter would waste it.
  EXPECT_EQ(at::empty({900, 1000}).data_ptr(), first);
  EXPECT_NE(at::empty({100, 1000}).data_ptr(), first);
}

TEST_F(KeptMemoryTest, CountsWhatIsUsedAndWhatWaits) {
  const KeptMemory before = DescribeKeptMemory();
  constexpr std::size_t kBytes = 12'000'000;
  {
    const at::Tensor tensor = at::empty({3'000'000});
    const KeptMemory now = DescribeKeptMemory();
    EXPECT_GE(now.used - before.used, kBytes);
    EXPECT_LE(now.used - before.used, kBytes * 3 / 2);
    EXPECT_GE(now.most_used, now.used);
  }
  EXPECT_EQ(DescribeKeptMemory().used, before.used);
  EXPECT_GE(DescribeKeptMemory().kept, kBytes);
}

TEST_F(KeptMemoryTest, WhatWaitsIsBoundedByWhatWasUsed) {
  for (std::int64_t size = 1'000'000; size < 60'000'000; size += 700'000) {
    at::empty({size});
  }
  const KeptMemory memory = DescribeKeptMemory();
  EXPECT_LE(memory.used + memory.kept, 2 * memory.most_used);
}

TEST_F(KeptMemoryTest, SmallEmptyAndAlignedTensors) {
  EXPECT_EQ(at::empty({0}).numel(), 0);
  for (std::int64_t size = 1; size < 200'000; size = size * 3 + 1) {
    const at::Tensor tensor = at::full({size}, 7, at::kByte);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data_ptr()) % 64, 0u);
    EXPECT_EQ(tensor.sum().item<std::int64_t>(), 7 * size);
  }
}

TEST_F(KeptMemoryTest, ThreadsDoNotShareABlock) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t, &wrong] {
      for (int i = 0; i < 200; ++i) {
        const at::Tensor tensor = at::full({20'000 + 1000 * (i % 7)}, t);
        wrong[t] += !tensor.eq(t).all().item<bool>();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

constexpr std::int64_t kFloats = 1'000'000;

TEST_F(KeptMemoryTest, AnAccountHoldsWhatItsThreadMakesAndNoMore) {
  const at::Tensor before = at::empty({kFloats});
  MemoryAccount* account = NewMemoryAccount();
  {
    const ChargeMemoryTo charge(account);
    at::Tensor mine = at::empty({kFloats});
    EXPECT_EQ(account->used(), 4 * kFloats);
    std::thread([] { at::empty({2 * kFloats}); }).join();
    at::empty({2 * kFloats});
    EXPECT_EQ(account->used(), 4 * kFloats);
    const at::Tensor little = at::empty({3});
    EXPECT_EQ(account->used(), 4 * kFloats + 12);
    // Freed by whomever.
    std::thread([&] { mine.reset(); }).join();
    EXPECT_EQ(account->used(), 12);
  }
  at::empty({8 * kFloats});
  EXPECT_EQ(account->used(), 0);
  EXPECT_EQ(account->peak(), 12 * kFloats);
}

// Memory that waited has the account of its new user.
TEST_F(KeptMemoryTest, AnAccountEndsWithItsTensor) {
  MemoryAccount* first = NewMemoryAccount();
  MemoryAccount* second = NewMemoryAccount();
  const void* block = nullptr;
  {
    const ChargeMemoryTo outer(first);
    block = at::empty({kFloats}).data_ptr();
    const ChargeMemoryTo inner(second);
    const at::Tensor again = at::empty({kFloats});
    ASSERT_EQ(again.data_ptr(), block);
    EXPECT_EQ(first->used(), 0);
    EXPECT_EQ(second->used(), 4 * kFloats);
  }
  EXPECT_EQ(CurrentMemoryAccount(), nullptr);
  EXPECT_EQ(second->used(), 0);
  const at::Tensor nobodys = at::empty({kFloats});
  EXPECT_EQ(nobodys.data_ptr(), block);
  EXPECT_EQ(first->peak(), 4 * kFloats);
}

}  // namespace
}  // namespace msdbench
