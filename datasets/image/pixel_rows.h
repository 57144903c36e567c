// Pictures that lie in an HDF5 file, one a row of its data set `images`, as in
// MM-IMDb's HDF5 release. A row's path is FILE.hdf5/images/00012, as if the
// file were a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "datasets/image/image.h"

namespace msdbench {

struct PixelRowPlace {
  std::filesystem::path file;
  std::int64_t row = 0;
};
std::filesystem::path PixelRowPath(const PixelRowPlace& place);
// Nothing for a path of another form; looks at the name alone.
std::optional<PixelRowPlace> ParsePixelRowPath(
    const std::filesystem::path& path);

// The 32-bit integers of a row: blue, green, red planes of height x width, from
// which the channels' means 103.939, 116.779, 123.68 were subtracted and the
// fraction cut off (towards 0).
struct PixelRow {
  std::int64_t height = 0, width = 0;
  std::string bytes;
};

// Files stay open from the first row on, with nothing but a cache of the
// library's in memory. Both throw DataError for what cannot be read,
// ReadPixelRow also for a row that is not there.
PixelRow ReadPixelRow(const PixelRowPlace& place);
// Bytes of a row; nothing where the file or the row is not there.
std::optional<std::uint64_t> PixelRowSize(const PixelRowPlace& place);

// The bytes 0 to 255 from before the subtraction: exact, but that 104, 117 and
// 124 (in blue, green, red) also stand for 103, 116 and 123, which were stored
// as the same 0. Throws DataError "SOURCE: ..." for an integer that no byte
// gives.
Image DecodePixelRow(const PixelRow& row, const std::string& source);

}  // namespace msdbench
