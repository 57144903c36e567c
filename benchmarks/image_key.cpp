#include "benchmarks/image_key.h"

#include <fmt/format.h>

#include "datasets/image/pixel_rows.h"
#include "reports/digest.h"

namespace msdbench {
namespace fs = std::filesystem;

std::string AbsoluteName(const fs::path& image) {
  return fs::absolute(image).lexically_normal().string();
}

std::string KeyOfImages(const std::vector<std::filesystem::path>& images) {
  Sha256 digest;
  for (const fs::path& image : images) {
    const auto row = ParsePixelRowPath(image);
    const fs::path& file = row ? row->file : image;
    std::error_code ignored;  // decoding names what cannot be read
    digest.Update(fmt::format(
        "{}\n{} {}\n", AbsoluteName(image), fs::file_size(file, ignored),
        fs::last_write_time(file, ignored).time_since_epoch().count()));
  }
  return digest.Hex();
}

}  // namespace msdbench
