#include "benchmarks/machine/run_memory.h"

namespace msdbench {

RunMemoryPeak RunMemory::Peak() const {
  if (!device_.is_cpu()) {
    return {std::nullopt, "tensors on a GPU are not counted by run"};
  }
  if (!KeepsFreedMemory()) {
    return {std::nullopt, "this program does not count the memory of tensors"};
  }
  constexpr double kMib = 1024.0 * 1024.0;
  return {static_cast<double>(account_->peak()) / kMib, ""};
}

}  // namespace msdbench
