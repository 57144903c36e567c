// A picture where it lies: in a file of its own, or in a row of an HDF5 file
// (see pixel_rows.h). Whoever looks for pictures or reads them asks here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "datasets/image/image.h"
#include "datasets/image/pixel_rows.h"

namespace msdbench {

// Bytes of the picture as it lies there; nothing when it is not there. Throws
// DataError where it should lie in a file that cannot be opened.
std::optional<std::uint64_t> StoredImageSize(
    const std::filesystem::path& image);

class StoredImage {
 public:
  // Reads, without decoding. Throws DataError.
  explicit StoredImage(const std::filesystem::path& image);

  std::string_view bytes() const { return stored_.bytes; }
  // ImageFormatOf the bytes, or "HDF5 row".
  std::string_view format() const;
  // Throws DataError "SOURCE: ...".
  Image Decode(const std::string& source) const;

 private:
  bool is_row_ = false;
  PixelRow stored_;  // of a file the bytes alone
};

}  // namespace msdbench
