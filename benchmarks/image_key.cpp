#include "benchmarks/image_key.h"

#include <fmt/format.h>

#include "reports/digest.h"

namespace msdbench {

std::string KeyOfImages(const std::vector<std::filesystem::path>& images) {
  namespace fs = std::filesystem;
  Sha256 digest;
  for (const fs::path& image : images) {
    std::error_code ignored;  // decoding names what cannot be read
    digest.Update(fmt::format(
        "{}\n{} {}\n", fs::absolute(image, ignored).string(),
        fs::file_size(image, ignored),
        fs::last_write_time(image, ignored).time_since_epoch().count()));
  }
  return digest.Hex();
}

}  // namespace msdbench
