#include "datasets/image/pixel_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

#include "datasets/hdf5/hdf5_file.h"
#include "datasets/image/image_size.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSet = "images";
constexpr std::size_t kValueBytes = sizeof(std::int32_t);

// What was subtracted lies between these two: v - mean, cut towards 0, is
// v - above where v is above the mean and v - below where it is below.
struct Mean {
  std::int32_t below, above;
};
constexpr std::array<Mean, 3> kMeans = {{{103, 104}, {116, 117}, {123, 124}}};

class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) : file_(path) {
    const Hdf5File::Shape shape =
        file_.Expect(kSet, Hdf5File::Kind::kIntegers, 4);
    const std::string source = file_.name() + ": data set \"images\"";
    if (shape[1] != 3) {
      throw DataError(
          fmt::format("{}: is {}, expected rows x 3 x height x "
                      "width",
                      source, fmt::join(shape, " x ")));
    }
    CheckImageSize(shape[3], shape[2], source);
    rows_ = shape[0];
    height_ = shape[2];
    width_ = shape[3];
  }

  bool Has(std::int64_t row) const { return row >= 0 && row < rows_; }
  std::uint64_t RowBytes() const {
    return static_cast<std::uint64_t>(3 * height_ * width_) * kValueBytes;
  }
  PixelRow Read(std::int64_t row) {
    PixelRow read{height_, width_, std::string(RowBytes(), '\0')};
    file_.ReadIntegers(kSet, row, 1, RowBytes() / kValueBytes,
                       reinterpret_cast<std::int32_t*>(read.bytes.data()));
    return read;
  }

 private:
  Hdf5File file_;
  std::int64_t rows_ = 0, height_ = 0, width_ = 0;
};

// One open file a path, opened again when the file has become another.
class OpenFiles {
 public:
  // Never destroyed: what reads the files ends with the program by itself.
  static OpenFiles& All() {
    static auto* const kAll = new OpenFiles;
    return *kAll;
  }

  // Calls `use` with the open file, in one thread at a time.
  template <typename Use>
  auto With(const fs::path& path, Use use) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Stamp stamp = StampOf(path);
    auto found = files_.find(path.native());
    if (found != files_.end() && found->second.first != stamp) {
      files_.erase(found);
      found = files_.end();
    }
    if (found == files_.end()) {
      found =
          files_.emplace(path.native(), std::make_pair(stamp, OpenFile(path)))
              .first;
    }
    return use(found->second.second);
  }

 private:
  using Stamp = std::pair<std::uintmax_t, fs::file_time_type>;
  static Stamp StampOf(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return {size, fs::last_write_time(path, error)};
  }

  std::mutex mutex_;
  std::map<std::string, std::pair<Stamp, OpenFile>> files_;
};

}  // namespace

fs::path PixelRowPath(const PixelRowPlace& place) {
  return place.file / kSet / fmt::format("{:05d}", place.row);
}

std::optional<PixelRowPlace> ParsePixelRowPath(const fs::path& path) {
  const fs::path set = path.parent_path();
  if (set.filename() != kSet || set.parent_path().extension() != ".hdf5") {
    return std::nullopt;
  }
  const std::string name = path.filename().string();
  const char* const end = name.data() + name.size();
  PixelRowPlace place{set.parent_path(), 0};
  const auto [read, error] = std::from_chars(name.data(), end, place.row);
  if (error != std::errc() || read != end || place.row < 0) return std::nullopt;
  return place;
}

PixelRow ReadPixelRow(const PixelRowPlace& place) {
  return OpenFiles::All().With(
      place.file, [&](OpenFile& file) { return file.Read(place.row); });
}

std::optional<std::uint64_t> PixelRowSize(const PixelRowPlace& place) {
  if (!IsFile(place.file)) return std::nullopt;
  return OpenFiles::All().With(
      place.file, [&](const OpenFile& file) -> std::optional<std::uint64_t> {
        if (!file.Has(place.row)) return std::nullopt;
        return file.RowBytes();
      });
}

Image DecodePixelRow(const PixelRow& row, const std::string& source) {
  const auto area = static_cast<std::size_t>(row.height * row.width);
  Image image{row.width, row.height, std::vector<std::uint8_t>(3 * area)};
  const char* at = row.bytes.data();
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const Mean mean = kMeans[channel];
    for (std::size_t i = 0; i < area; ++i, at += kValueBytes) {
      std::int32_t value = 0;
      std::memcpy(&value, at, kValueBytes);
      if (value < -mean.below || value > 255 - mean.above) {
        throw DataError(fmt::format(
            "{}: {} in channel {}, row {}, column {}, expected {} to {}",
            source, value, channel, i / row.width, i % row.width, -mean.below,
            255 - mean.above));
      }
      image.rgb[3 * i + 2 - channel] = static_cast<std::uint8_t>(
          value + (value < 0 ? mean.below : mean.above));
    }
  }
  return image;
}

}  // namespace msdbench
