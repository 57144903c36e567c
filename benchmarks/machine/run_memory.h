// The memory of one run among several of a process.
#pragma once

#include <c10/core/Device.h>

#include <optional>
#include <string>

#include "benchmarks/machine/allocator.h"

namespace msdbench {

struct RunMemoryPeak {
  std::optional<double> mib;
  std::string reason;  // why there is none
};

// From its making on, counts the tensors that this thread makes and those of
// the batch streams that it starts. What was there before (data, the teacher)
// and what other runs make at the same time does not count.
class RunMemory {
 public:
  explicit RunMemory(c10::Device device) : device_(device) {}

  // The most bytes at one time so far. None on a GPU, and where KeepFreedMemory
  // was not called.
  RunMemoryPeak Peak() const;

 private:
  const c10::Device device_;
  MemoryAccount* const account_ = NewMemoryAccount();
  const ChargeMemoryTo charge_{account_};
};

}  // namespace msdbench
