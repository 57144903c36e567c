#include "datasets/features/packed_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstring>
#include <mutex>

#include "datasets/features/half.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/input_file.h"
#include "reports/parallel_for.h"
#include "reports/safetensors.h"

namespace msdbench {
namespace {

constexpr std::size_t kHexDigits = 64;
constexpr const char* kFormat = "msdbench packed features 1";

std::string_view BytesOf(const NamedArray& array) {
  return {static_cast<const char*>(array.data), array.bytes};
}

template <typename T>
std::string_view BytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()),
          values.size() * sizeof(T)};
}

constexpr const char* kCutImages = "images_cut";
constexpr const char* kLongest = "most_tokens";

// The header is written before these are known.
std::string Padded(std::int64_t number) {
  return fmt::format("{:019}", number);
}

// 0 without such a number.
std::int64_t NumberIn(const std::map<std::string, std::string>& metadata,
                      const char* key) {
  std::int64_t number = 0;
  const auto place = metadata.find(key);
  if (place != metadata.end()) {
    const std::string& text = place->second;
    std::from_chars(text.data(), text.data() + text.size(), number);
  }
  return number;
}

std::string DigestOfRow(std::int32_t count, std::string_view row) {
  return Sha256().Update(&count, sizeof(count)).Update(row).Hex();
}

// Stores of which nothing was cut have the digest that they had before cuts
// were told.
std::string DigestOfRest(std::string_view checksums, std::string_view counts,
                         std::string_view names, const CutTokens& cut) {
  Sha256 digest;
  digest.Update(checksums).Update(counts).Update(names);
  if (cut.images > 0) digest.Update(Padded(cut.images) + Padded(cut.longest));
  return digest.Hex();
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

}  // namespace

const char* NameOf(FeaturePrecision precision) {
  return precision == FeaturePrecision::kFp16 ? "fp16" : "fp32";
}

std::size_t PackedShape::RowBytes() const {
  return static_cast<std::size_t>(tokens * width) *
         (precision == FeaturePrecision::kFp16 ? 2 : 4);
}

struct PackedFeatures::File {
  explicit File(const std::filesystem::path& path)
      : map(path), source(path.string()) {}

  SafetensorsFile map;
  std::string source;
  const char* features = nullptr;
  std::string_view counts, checksums;
};

PackedFeatures::PackedFeatures(const std::filesystem::path& path) {
  const auto file = std::make_shared<File>(path);
  const auto fail = [&](const std::string& what) {
    return DataError(file->source + ": not a sound store of features: " + what +
                     " (write it again, or remove it where it is a cache's)");
  };
  const auto format = file->map.metadata().find("format");
  if (format == file->map.metadata().end() || format->second != kFormat) {
    throw fail(fmt::format("its metadata lack format \"{}\"", kFormat));
  }
  cut_ = {NumberIn(file->map.metadata(), kCutImages),
          NumberIn(file->map.metadata(), kLongest)};
  const NamedArray& features = file->map.Get("features");
  if (features.shape.size() != 3 || features.bytes == 0 ||
      (features.dtype != "F16" && features.dtype != "F32")) {
    throw fail("features must be F16 or F32 [images, tokens, width]");
  }
  shape_ = {features.shape[0], features.shape[1], features.shape[2],
            features.dtype == "F16" ? FeaturePrecision::kFp16
                                    : FeaturePrecision::kFp32};
  file->features = static_cast<const char*>(features.data);
  const std::size_t element =
      shape_.precision == FeaturePrecision::kFp16 ? 2 : 4;
  if (reinterpret_cast<std::uintptr_t>(file->features) % element != 0) {
    throw fail("its features are not aligned");
  }
  const auto images = static_cast<std::size_t>(shape_.images);
  file->counts = BytesOf(file->map.Get("counts"));
  file->checksums = BytesOf(file->map.Get("checksums"));
  const std::string_view names = BytesOf(file->map.Get("names"));
  if (file->counts.size() != images * sizeof(std::int32_t) ||
      file->checksums.size() != (images + 1) * kHexDigits) {
    throw fail("counts or checksums are not as many as images");
  }
  const std::string_view rows = file->checksums.substr(0, images * kHexDigits);
  if (file->checksums.substr(rows.size()) !=
      DigestOfRest(rows, file->counts, names, cut_)) {
    throw fail("its names, counts or checksums are damaged");
  }
  names_ = Lines(names);
  if (names_.size() != images ||
      std::adjacent_find(names_.begin(), names_.end(), [](auto a, auto b) {
        return a >= b;
      }) != names_.end()) {
    throw fail("its names are not one an image, ascending");
  }
  file_ = file;
  for (std::int64_t row = 0; row < shape_.images; ++row) {
    if (Count(row) < 1 || Count(row) > shape_.tokens) {
      throw fail(fmt::format("{} has {} tokens of {}", names_[row], Count(row),
                             shape_.tokens));
    }
  }
}

bool PackedFeatures::Is(const std::filesystem::path& file) {
  InputFile in(file);
  char start[9] = {};
  // A header's length, then its JSON.
  return in.Read(start, sizeof(start)) == sizeof(start) && start[8] == '{';
}

std::optional<std::int64_t> PackedFeatures::Row(std::string_view name) const {
  const auto place = std::lower_bound(names_.begin(), names_.end(), name);
  if (place == names_.end() || *place != name) return std::nullopt;
  return place - names_.begin();
}

std::int64_t PackedFeatures::Count(std::int64_t row) const {
  std::int32_t count = 0;
  std::memcpy(
      &count,
      file_->counts.data() + static_cast<std::size_t>(row) * sizeof(count),
      sizeof(count));
  return count;
}

std::string_view PackedFeatures::Checksum(std::int64_t row) const {
  return file_->checksums.substr(static_cast<std::size_t>(row) * kHexDigits,
                                 kHexDigits);
}

const void* PackedFeatures::data() const { return file_->features; }

std::vector<std::string> PackedFeatures::Damaged(
    int threads, const std::function<void(std::size_t)>& progress) const {
  std::mutex mutex;
  std::atomic<std::size_t> done{0};
  std::vector<std::string> damaged;
  const std::size_t bytes = shape_.RowBytes();
  ParallelFor(names_.size(), threads, [&](std::size_t row) {
    const std::string_view stored(file_->features + row * bytes, bytes);
    const auto place = static_cast<std::int64_t>(row);
    const auto count = static_cast<std::int32_t>(Count(place));
    const bool is_whole = DigestOfRow(count, stored) == Checksum(place);
    if (progress) progress(++done);
    if (is_whole) return;
    const std::lock_guard<std::mutex> lock(mutex);
    damaged.emplace_back(names_[row]);
  });
  std::sort(damaged.begin(), damaged.end());
  return damaged;
}

PackedWriter::PackedWriter(const std::filesystem::path& file,
                           const std::vector<std::string>& names,
                           std::int64_t tokens, std::int64_t width,
                           FeaturePrecision precision)
    : shape_{static_cast<std::int64_t>(names.size()), tokens, width, precision},
      out_(file) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || names[i].find('\n') != std::string::npos ||
        (i > 0 && names[i] <= names[i - 1])) {
      throw UsageError(fmt::format(
          "{}: names must ascend, each once and on one line; \"{}\" does not",
          file.string(), names[i]));
    }
    names_ += names[i] + '\n';
  }
  const std::size_t images = names.size();
  const bool half = precision == FeaturePrecision::kFp16;
  const auto array = [](const char* name, const char* dtype,
                        std::vector<std::int64_t> shape, std::size_t bytes) {
    return NamedArray{name, dtype, std::move(shape), nullptr, bytes};
  };
  const auto count = static_cast<std::int64_t>(images);
  const std::string header = SafetensorsHeader(
      {array("features", half ? "F16" : "F32", {count, tokens, width},
             images * shape_.RowBytes()),
       array("counts", "I32", {count}, images * sizeof(std::int32_t)),
       array("checksums", "U8", {count + 1, kHexDigits},
             (images + 1) * kHexDigits),
       array("names", "U8", {static_cast<std::int64_t>(names_.size())},
             names_.size())},
      {{"format", kFormat}, {kCutImages, Padded(0)}, {kLongest, Padded(0)}});
  const auto place_of = [&](const char* key) {
    return header.find(fmt::format("\"{}\":\"{}\"", key, Padded(0))) +
           std::string_view(key).size() + 4;
  };
  cut_images_at_ = place_of(kCutImages);
  longest_at_ = place_of(kLongest);
  out_.Write(header);
}

void PackedWriter::Add(const ImageFeatures& features) {
  if (features.width != shape_.width) {
    throw DataError(fmt::format("features of width {} beside others of {}",
                                features.width, shape_.width));
  }
  const std::int64_t count = std::min(features.tokens, shape_.tokens);
  cut_.images += features.tokens > shape_.tokens ? 1 : 0;
  cut_.longest = std::max(cut_.longest, features.tokens);
  const auto values = static_cast<std::size_t>(count * shape_.width);
  std::string row(shape_.RowBytes(), '\0');
  if (shape_.precision == FeaturePrecision::kFp32) {
    std::memcpy(row.data(), features.values.data(), values * sizeof(float));
  } else {
    for (std::size_t i = 0; i < values; ++i) {
      const std::uint16_t half = FloatToHalf(features.values[i]);
      if (!std::isfinite(HalfToFloat(half))) {
        throw DataError(
            fmt::format("{} is too large for fp16", features.values[i]));
      }
      std::memcpy(row.data() + i * sizeof(half), &half, sizeof(half));
    }
  }
  out_.Write(row);
  counts_.push_back(static_cast<std::int32_t>(count));
  checksums_ += DigestOfRow(counts_.back(), row);
}

void PackedWriter::Finish() {
  if (static_cast<std::int64_t>(counts_.size()) != shape_.images) {
    throw RunError(fmt::format("a store of {} images got {}", shape_.images,
                               counts_.size()));
  }
  const std::string_view counts = BytesOf(counts_);
  out_.Write(counts);
  out_.Write(checksums_);
  out_.Write(DigestOfRest(checksums_, counts, names_, cut_));
  out_.Write(names_);
  out_.Replace(cut_images_at_, Padded(cut_.images));
  out_.Replace(longest_at_, Padded(cut_.longest));
  out_.Commit();
}

}  // namespace msdbench
