// Scalars as TensorBoard reads them: a file of TFRecords (length and checksum
// around each), every one a protocol buffer of the message Event.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "benchmarks/run_listener.h"

namespace msdbench {

// CRC-32C (Castagnoli), as in iSCSI: RFC 3720, appendix B.4.
std::uint32_t Crc32c(std::string_view bytes);

class EventFile {
 public:
  // Begins a new file, with its header; an old one is lost. `wall_time`:
  // seconds since 1970. Throws RunError.
  EventFile(const std::filesystem::path& file, double wall_time);

  // Values that are not finite are left out. Throws RunError.
  void Add(double wall_time, std::int64_t step,
           const std::vector<std::pair<std::string, double>>& scalars);

 private:
  void Write(const std::string& event);

  std::filesystem::path path_;
  std::ofstream out_;
};

// DIR/<data set>/<method>/seed-<n>/events.out.tfevents.msdbench: loss/...,
// dev/..., learning_rate and weight/... by epoch, in the record's units.
class TensorBoard : public RunListener {
 public:
  explicit TensorBoard(std::filesystem::path folder)
      : folder_(std::move(folder)) {}

  void OnEpoch(const RunName& run, const EpochReport& epoch,
               std::int64_t epochs) override;
  void OnRunEnd(const RunName& run, const RunEnd& end) override;

 private:
  using Key = std::tuple<std::string, std::string, std::uint64_t>;

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::map<Key, std::unique_ptr<EventFile>> open_;
};

}  // namespace msdbench
