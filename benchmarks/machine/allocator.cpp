#include "benchmarks/machine/allocator.h"

#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <new>
#include <vector>

namespace msdbench {
namespace {

constexpr std::size_t kHeader = 64;  // before each block; keeps the alignment
constexpr std::size_t kSmallest = 1 << 14;  // less is left to the C library
constexpr std::size_t kHugePage = 2 << 20;
constexpr int kSteps = 8;  // sizes per doubling, so at most an eighth is wasted
constexpr std::size_t kClasses = 64 * kSteps;

struct Header {
  std::size_t class_index;  // kClasses = not kept
  std::size_t bytes;        // with the header
  MemoryAccount* account;   // null = nobody's
  std::size_t asked;        // bytes on the account
};
static_assert(sizeof(Header) <= kHeader);

thread_local MemoryAccount* current_account = nullptr;

// Sizes in classes: 2^n (1 + i / kSteps).
struct SizeClass {
  std::size_t index, bytes;
};
SizeClass ClassFor(std::size_t bytes) {
  std::size_t base = kSmallest, doublings = 0;
  while (base * 2 <= bytes) {
    base *= 2;
    ++doublings;
  }
  const std::size_t step = base / kSteps;
  const std::size_t i = (bytes - base + step - 1) / step;
  return {doublings * kSteps + i, base + i * step};
}

class Keeper : public c10::Allocator {
 public:
#if TORCH_VERSION_MAJOR > 2 || \
    (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  c10::DataPtr allocate(std::size_t bytes) override { return Take(bytes); }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
#else
  c10::DataPtr allocate(std::size_t bytes) const override {
    return const_cast<Keeper*>(this)->Take(bytes);
  }
#endif
  c10::DeleterFnPtr raw_deleter() const override { return &Keeper::Free; }

  KeptMemory Describe() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return memory_;
  }

  MemoryAccount* NewAccount() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return &accounts_.emplace_back();
  }

  static Keeper& Get() {
    // Never destroyed: tensors may outlive every other object.
    static Keeper* keeper = new Keeper;
    return *keeper;
  }

 private:
  c10::DataPtr Take(std::size_t bytes) {
    if (bytes == 0) {
      return {nullptr, nullptr, &Keeper::Free, c10::Device(c10::kCPU)};
    }
    char* block = nullptr;
    const std::size_t wanted = bytes + kHeader;
    if (wanted < kSmallest) {
      block = static_cast<char*>(std::aligned_alloc(
          kHeader, (wanted + kHeader - 1) / kHeader * kHeader));
      if (block == nullptr) throw std::bad_alloc();
      new (block) Header{kClasses, wanted, nullptr, 0};
    } else {
      block = TakeKept(ClassFor(wanted));
    }
    Header& header = *reinterpret_cast<Header*>(block);
    header.account = current_account;
    header.asked = bytes;
    if (header.account != nullptr) {
      header.account->Add(static_cast<std::int64_t>(bytes));
    }
    void* data = block + kHeader;
    return {data, data, &Keeper::Free, c10::Device(c10::kCPU)};
  }

  char* TakeKept(const SizeClass& size) {
    const std::lock_guard<std::mutex> lock(mutex_);
    // A somewhat larger block will do: batches differ in length a little.
    const std::size_t last = std::min(size.index + kSteps / 2, kClasses - 1);
    for (std::size_t i = size.index; i <= last; ++i) {
      if (waiting_[i].empty()) continue;
      char* block = waiting_[i].back();
      waiting_[i].pop_back();
      const std::size_t bytes = reinterpret_cast<Header*>(block)->bytes;
      memory_.kept -= bytes;
      Use(bytes);
      return block;
    }
    Use(size.bytes);
    // What waits in other sizes must not pile up beyond what was ever used.
    if (memory_.used + memory_.kept > 2 * memory_.most_used) GiveBack();
    const std::size_t alignment =
        size.bytes >= 2 * kHugePage ? kHugePage : std::size_t{4096};
    const std::size_t rounded =
        (size.bytes + alignment - 1) / alignment * alignment;
    char* block = static_cast<char*>(std::aligned_alloc(alignment, rounded));
    if (block == nullptr) {
      GiveBack();
      block = static_cast<char*>(std::aligned_alloc(alignment, rounded));
    }
    if (block == nullptr) {
      memory_.used -= size.bytes;
      throw std::bad_alloc();
    }
    if (alignment == kHugePage) madvise(block, size.bytes, MADV_HUGEPAGE);
    new (block) Header{size.index, size.bytes, nullptr, 0};
    return block;
  }

  void Use(std::size_t bytes) {
    memory_.used += bytes;
    memory_.most_used = std::max(memory_.most_used, memory_.used);
  }

  void GiveBack() {
    for (std::vector<char*>& waiting : waiting_) {
      for (char* block : waiting) std::free(block);
      waiting.clear();
    }
    memory_.kept = 0;
  }

  static void Free(void* data) {
    if (data == nullptr) return;
    char* block = static_cast<char*>(data) - kHeader;
    const Header header = *reinterpret_cast<Header*>(block);
    if (header.account != nullptr) {
      header.account->Add(-static_cast<std::int64_t>(header.asked));
    }
    if (header.class_index == kClasses) {
      std::free(block);
      return;
    }
    Keeper& keeper = Get();
    const std::lock_guard<std::mutex> lock(keeper.mutex_);
    keeper.waiting_[header.class_index].push_back(block);
    keeper.memory_.used -= header.bytes;
    keeper.memory_.kept += header.bytes;
  }

  std::mutex mutex_;
  std::array<std::vector<char*>, kClasses> waiting_;
  KeptMemory memory_;
  std::deque<MemoryAccount> accounts_;
};

}  // namespace

void KeepFreedMemory() { c10::SetCPUAllocator(&Keeper::Get(), /*priority=*/1); }

KeptMemory DescribeKeptMemory() { return Keeper::Get().Describe(); }

bool KeepsFreedMemory() { return c10::GetCPUAllocator() == &Keeper::Get(); }

void MemoryAccount::Add(std::int64_t bytes) {
  const std::int64_t now = used_.fetch_add(bytes) + bytes;
  std::int64_t peak = peak_.load();
  while (now > peak && !peak_.compare_exchange_weak(peak, now)) {
  }
}

MemoryAccount* NewMemoryAccount() { return Keeper::Get().NewAccount(); }

MemoryAccount* CurrentMemoryAccount() { return current_account; }

ChargeMemoryTo::ChargeMemoryTo(MemoryAccount* account)
    : before_(current_account) {
  current_account = account;
}

ChargeMemoryTo::~ChargeMemoryTo() { current_account = before_; }

}  // namespace msdbench
