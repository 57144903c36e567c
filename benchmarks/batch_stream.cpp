#include "benchmarks/batch_stream.h"

#include <algorithm>
#include <utility>

namespace msdbench {
namespace {

constexpr std::size_t kAhead = 2;

}  // namespace

BatchStream::BatchStream(const EncodedSplit& split,
                         std::vector<std::int64_t> rows,
                         std::int64_t batch_size, c10::Device device)
    : split_(split),
      rows_(std::move(rows)),
      batch_size_(static_cast<std::size_t>(batch_size)),
      device_(device),
      account_(CurrentMemoryAccount()),
      thread_([this] { Make(); }) {}

BatchStream::~BatchStream() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BatchStream::Make() {
  const auto at = [&](std::size_t place) {
    return rows_.begin() + static_cast<std::ptrdiff_t>(place);
  };
  const ChargeMemoryTo charge(account_);
  try {
    for (std::size_t first = 0; first < rows_.size(); first += batch_size_) {
      const std::size_t last = std::min(rows_.size(), first + batch_size_);
      Batch batch =
          Collate(split_, {at(first), at(last)}, /*pinned=*/device_.is_cuda());
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || ready_.size() < kAhead; });
      if (stop_) return;
      ready_.push_back(std::move(batch));
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard<std::mutex> lock(mutex_);
    problem_ = std::current_exception();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  made_all_ = true;
  changed_.notify_all();
}

std::optional<Batch> BatchStream::Next() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return made_all_ || !ready_.empty(); });
  if (ready_.empty()) {
    if (problem_) std::rethrow_exception(problem_);
    return std::nullopt;
  }
  const Batch batch = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  lock.unlock();
  return batch.To(device_);
}

}  // namespace msdbench
