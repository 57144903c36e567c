#include "benchmarks/machine/allocator.h"

#include <malloc.h>

#include <limits>

namespace msdbench {

void KeepFreedMemory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
  mallopt(M_ARENA_MAX, 1);  // other arenas cannot hold large tensors
}

}  // namespace msdbench
