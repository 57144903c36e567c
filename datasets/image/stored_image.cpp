#include "datasets/image/stored_image.h"

#include "reports/input_file.h"
#include "reports/json_file.h"

namespace msdbench {
namespace fs = std::filesystem;

std::optional<std::uint64_t> StoredImageSize(const fs::path& image) {
  if (const auto place = ParsePixelRowPath(image)) return PixelRowSize(*place);
  switch (KindOf(image)) {
    case PathKind::kNothing:
      return std::nullopt;
    case PathKind::kFolder:
      throw DataError(image.string() + ": is a folder, a picture is wanted");
    case PathKind::kFile:
      break;
  }
  return fs::file_size(image);
}

StoredImage::StoredImage(const fs::path& image) {
  if (const auto place = ParsePixelRowPath(image)) {
    is_row_ = true;
    stored_ = ReadPixelRow(*place);
  } else {
    stored_.bytes = ReadTextFile(image);
  }
}

std::string_view StoredImage::format() const {
  return is_row_ ? "HDF5 row" : ImageFormatOf(stored_.bytes);
}

Image StoredImage::Decode(const std::string& source) const {
  return is_row_ ? DecodePixelRow(stored_, source)
                 : DecodeImage(stored_.bytes, source);
}

Image ReadImage(const fs::path& file) {
  return StoredImage(file).Decode(file.string());
}

}  // namespace msdbench
