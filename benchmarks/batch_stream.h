// Batches made ahead of their use, on a thread of their own.
#pragma once

#include <c10/core/Device.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "benchmarks/machine/allocator.h"
#include "datasets/batch.h"

namespace msdbench {

// While one batch is trained on, the next ones are collated: pages of mapped
// features are read from disk meanwhile. For a GPU they lie in pinned memory,
// so that copies need not be waited for.
class BatchStream {
 public:
  // The rows of `split` in order, `batch_size` at a time, the last perhaps
  // fewer. split must outlive this.
  BatchStream(const EncodedSplit& split, std::vector<std::int64_t> rows,
              std::int64_t batch_size, c10::Device device);
  ~BatchStream();
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;

  // On the device; none after the last. Throws what making the batch threw.
  std::optional<Batch> Next();

 private:
  void Make();

  const EncodedSplit& split_;
  const std::vector<std::int64_t> rows_;
  const std::size_t batch_size_;
  const c10::Device device_;
  MemoryAccount* const account_;  // of the thread that wants the batches

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> ready_;
  std::exception_ptr problem_;
  bool made_all_ = false, stop_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace msdbench
