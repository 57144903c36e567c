#include <fmt/format.h>

#include "datasets/image/codec.h"
#include "datasets/image/image.h"
#include "reports/error.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

bool StartsWith(std::string_view bytes, std::string_view magic) {
  return bytes.substr(0, magic.size()) == magic;
}

// What the first bytes of a file that is not read look like.
std::string_view Resembles(std::string_view bytes) {
  if (StartsWith(bytes, "RIFF") && bytes.substr(8, 4) == "WEBP") return "WEBP";
  if (StartsWith(bytes, "GIF8")) return "GIF";
  if (StartsWith(bytes, "BM")) return "BMP";
  if (StartsWith(bytes, "II*") || StartsWith(bytes, "MM")) return "TIFF";
  if (StartsWith(bytes, "<")) return "text (HTML, SVG or XML)";
  return bytes.empty() ? "an empty file" : "none of the known formats";
}

}  // namespace

void CheckSize(std::int64_t width, std::int64_t height,
               const std::string& source) {
  if (width <= 0 || height <= 0 || width > kMostPixels / height) {
    throw DataError(fmt::format(
        "{}: a picture of {} x {} pixels; from 1 to {} in all are allowed",
        source, width, height, kMostPixels));
  }
}

Image DecodeImage(std::string_view bytes, const std::string& source) {
  if (StartsWith(bytes, "\xFF\xD8\xFF")) return DecodeJpeg(bytes, source);
  if (StartsWith(bytes, "\x89PNG\r\n\x1A\n")) return DecodePng(bytes, source);
  throw DataError(fmt::format("{}: looks like {}; JPEG and PNG are read",
                              source, Resembles(bytes)));
}

Image ReadImage(const std::filesystem::path& file) {
  return DecodeImage(ReadTextFile(file), file.string());
}

}  // namespace msdbench
