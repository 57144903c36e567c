#include "datasets/image/image_size.h"

#include <fmt/format.h>

#include "reports/error.h"

namespace msdbench {

void CheckImageSize(std::int64_t width, std::int64_t height,
                    const std::string& source) {
  if (width < 1 || height < 1) {
    throw DataError(fmt::format("{}: a picture of {} x {} pixels is empty",
                                source, width, height));
  }
  if (width > kMaxImagePixels / height) {
    throw DataError(
        fmt::format("{}: {} x {} pixels are too many; at most {} are read",
                    source, width, height, kMaxImagePixels));
  }
}

void CheckFileHolds(std::size_t bytes, std::size_t least,
                    const std::string& source) {
  if (bytes >= least) return;
  throw DataError(fmt::format(
      "{}: damaged: the size that it announces takes {} bytes or more, but the "
      "file has {}",
      source, least, bytes));
}

}  // namespace msdbench
