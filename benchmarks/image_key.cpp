#include "benchmarks/image_key.h"

#include <fmt/format.h>

#include "datasets/image/pixel_rows.h"
#include "reports/digest.h"
#include "reports/file_state.h"
#include "reports/numerics.h"

namespace msdbench {
namespace fs = std::filesystem;

std::string AbsoluteName(const fs::path& image) {
  return fs::absolute(image).lexically_normal().string();
}

std::string KeyOfImages(const std::vector<std::filesystem::path>& images) {
  Sha256 digest;
  digest.Update(fmt::format("numerics {}\n", kNumericsVersion));
  for (const fs::path& image : images) {
    const auto row = ParsePixelRowPath(image);
    const fs::path& file = row ? row->file : image;
    digest.Update(AbsoluteName(file) + "\n" + FileState(file) + "\n");
    if (row) digest.Update(fmt::format("{}\n", row->row));
  }
  return digest.Hex();
}

}  // namespace msdbench
