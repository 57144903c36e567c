// How LibTorch gets memory for tensors on the CPU.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace msdbench {

// From now on, freed tensors' memory stays with the process and serves the next
// ones, whose sizes a training repeats step by step. The C library's ways give
// large blocks back and take them anew, and the kernel clears every page: up to
// a third of a training's time. What is kept and used together stays below
// twice the most ever used. Call it before the first tensor.
void KeepFreedMemory();

struct KeptMemory {
  std::size_t used = 0;       // bytes in tensors
  std::size_t most_used = 0;  // the most there ever were
  std::size_t kept = 0;       // bytes waiting to be used again
};
KeptMemory DescribeKeptMemory();

// Whether tensors now get their memory here: only then accounts are kept.
bool KeepsFreedMemory();

// Bytes of the tensors made on an account, whoever frees them: as many as were
// asked for, so that the same work has the same peak on any machine.
class MemoryAccount {
 public:
  void Add(std::int64_t bytes);
  std::int64_t used() const { return used_.load(); }
  std::int64_t peak() const { return peak_.load(); }  // the most at one time

 private:
  std::atomic<std::int64_t> used_{0}, peak_{0};
};

// Never destroyed, since tensors may outlive whoever made them.
MemoryAccount* NewMemoryAccount();

// That of the calling thread; null = none.
MemoryAccount* CurrentMemoryAccount();

// While it lives, tensors that this thread makes are on `account`.
class ChargeMemoryTo {
 public:
  explicit ChargeMemoryTo(MemoryAccount* account);
  ~ChargeMemoryTo();
  ChargeMemoryTo(const ChargeMemoryTo&) = delete;
  ChargeMemoryTo& operator=(const ChargeMemoryTo&) = delete;

 private:
  MemoryAccount* const before_;
};

}  // namespace msdbench
