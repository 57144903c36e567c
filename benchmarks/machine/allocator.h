// How LibTorch gets memory for tensors on the CPU.
#pragma once

#include <cstddef>

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

}  // namespace msdbench
