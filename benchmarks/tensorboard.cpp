#include "benchmarks/tensorboard.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <system_error>

#include "reports/error.h"
#include "reports/record_store.h"

namespace msdbench {
namespace {

std::array<std::uint32_t, 256> MakeCrcTable() {
  constexpr std::uint32_t kPolynomial = 0x82f63b78;  // bits reversed
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    }
    table[byte] = crc;
  }
  return table;
}

template <typename T>
std::string LittleEndian(T value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes += static_cast<char>((value >> (8 * i)) & 0xff);
  }
  return bytes;
}

// TFRecords do not store a checksum as it is, since checksums of data that
// hold checksums are weak.
std::string MaskedCrc(std::string_view bytes) {
  const std::uint32_t crc = Crc32c(bytes);
  return LittleEndian<std::uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
}

std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) {
    bytes += static_cast<char>((value & 0x7f) | 0x80);
  }
  return bytes + static_cast<char>(value);
}

// Fields of protocol buffers: the number and how the value is stored.
enum WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string Tag(int field, WireType type) {
  return Varint(static_cast<std::uint64_t>((field << 3) | type));
}

std::string Bytes(int field, const std::string& value) {
  return Tag(field, kBytes) + Varint(value.size()) + value;
}

std::string Double(int field, double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return Tag(field, kFixed64) + LittleEndian(bits);
}

std::string Float(int field, float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return Tag(field, kFixed32) + LittleEndian(bits);
}

// tensorflow/core/util/event.proto and framework/summary.proto.
constexpr int kEventWallTime = 1, kEventStep = 2, kEventFileVersion = 3,
              kEventSummary = 5;
constexpr int kSummaryValue = 1, kValueTag = 1, kValueSimpleValue = 2;

double Now() {
  return std::chrono::duration<double>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::uint32_t Crc32c(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> kTable = MakeCrcTable();
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  }
  return ~crc;
}

EventFile::EventFile(const std::filesystem::path& file, double wall_time)
    : path_(file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  out_.open(file, std::ios::binary | std::ios::trunc);
  Write(Double(kEventWallTime, wall_time) +
        Bytes(kEventFileVersion, "brain.Event:2"));
}

void EventFile::Add(
    double wall_time, std::int64_t step,
    const std::vector<std::pair<std::string, double>>& scalars) {
  std::string summary;
  for (const auto& [tag, value] : scalars) {
    if (!std::isfinite(value)) continue;
    summary += Bytes(kSummaryValue,
                     Bytes(kValueTag, tag) +
                         Float(kValueSimpleValue, static_cast<float>(value)));
  }
  Write(Double(kEventWallTime, wall_time) + Tag(kEventStep, kVarint) +
        Varint(static_cast<std::uint64_t>(step)) +
        Bytes(kEventSummary, summary));
}

void EventFile::Write(const std::string& event) {
  const std::string length = LittleEndian<std::uint64_t>(event.size());
  out_ << length << MaskedCrc(length) << event << MaskedCrc(event)
       << std::flush;
  if (!out_) throw RunError(path_.string() + ": cannot be written");
}

void TensorBoard::OnEpoch(const RunName& run, const EpochReport& epoch,
                          std::int64_t epochs) {
  std::vector<std::pair<std::string, double>> scalars;
  for (const auto& [name, value] : epoch.losses) {
    scalars.emplace_back("loss/" + name, value);
  }
  for (const MetricValue& metric : epoch.dev) {
    if (metric.value) scalars.emplace_back("dev/" + metric.name, *metric.value);
  }
  scalars.emplace_back("learning_rate", epoch.learning_rate);
  if (epoch.text_weight) {
    scalars.emplace_back("weight/text", epoch.text_weight->mean);
    scalars.emplace_back("weight/image", epoch.image_weight->mean);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<EventFile>& file = open_[{run.dataset, run.method, run.seed}];
  if (file == nullptr) {
    file = std::make_unique<EventFile>(
        RunFolder(folder_, run.dataset, run.method, run.seed) /
            "events.out.tfevents.msdbench",
        Now());
  }
  file->Add(Now(), epoch.epoch, scalars);
}

void TensorBoard::OnRunEnd(const RunName& run, const RunEnd& end) {
  const std::lock_guard<std::mutex> lock(mutex_);
  open_.erase({run.dataset, run.method, run.seed});
}

}  // namespace msdbench
