#include <fmt/format.h>

#include <new>

#include "datasets/image/decode_jpeg.h"
#include "datasets/image/decode_png.h"
#include "datasets/image/image.h"
#include "reports/error.h"

namespace msdbench {
namespace {

constexpr std::string_view kJpeg = "\xFF\xD8\xFF";
constexpr std::string_view kPng = "\x89PNG\r\n\x1A\n";

bool HasAt(std::string_view bytes, std::size_t at, std::string_view magic) {
  return bytes.size() >= at && bytes.substr(at, magic.size()) == magic;
}

}  // namespace

std::string_view ImageFormatOf(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (HasAt(bytes, 0, kJpeg)) return "JPEG";
  if (HasAt(bytes, 0, kPng)) return "PNG";
  if (bytes.empty()) return "an empty file";
  if (HasAt(bytes, 0, "RIFF") && HasAt(bytes, 8, "WEBP")) return "WEBP";
  if (HasAt(bytes, 0, "GIF8")) return "GIF";
  if (HasAt(bytes, 0, "BM")) return "BMP";
  if (HasAt(bytes, 0, "II*\0"sv) || HasAt(bytes, 0, "MM\0*"sv)) return "TIFF";
  if (HasAt(bytes, 4, "ftypavif")) return "AVIF";
  if (HasAt(bytes, 4, "ftyp")) return "HEIC or another ISO media file";
  if (HasAt(bytes, 4, "jP  ") || HasAt(bytes, 0, "\xFF\x4F\xFF\x51")) {
    return "JPEG 2000";
  }
  if (HasAt(bytes, 0, "\xFF\x0A") || HasAt(bytes, 4, "JXL ")) return "JPEG XL";
  if (HasAt(bytes, 0, "\0\0\1\0"sv)) return "ICO";
  if (HasAt(bytes, 0, "%PDF")) return "PDF";
  if (HasAt(bytes, 0, "PK\3\4")) return "a ZIP archive";
  if (HasAt(bytes, 0, "version https://git-lfs")) return "a Git LFS pointer";
  const std::size_t text = bytes.find_first_not_of(" \t\r\n");
  if (text != bytes.npos && bytes[text] == '<') {
    return "HTML, XML or SVG text (a web server's error page?)";
  }
  return "no picture format known here";
}

Image DecodeImage(std::string_view bytes, const std::string& source) {
  try {
    if (HasAt(bytes, 0, kJpeg)) return DecodeJpeg(bytes, source);
    if (HasAt(bytes, 0, kPng)) return DecodePng(bytes, source);
  } catch (const std::bad_alloc&) {
    throw DataError(source + ": not enough memory for its pixels");
  }
  throw DataError(fmt::format(
      "{}: not a JPEG or PNG by its first bytes: looks like {}; convert it, "
      "for only JPEG and PNG are read",
      source, ImageFormatOf(bytes)));
}

Image DecodePngOnWhite(std::string_view bytes, const std::string& source) {
  if (!HasAt(bytes, 0, kPng)) {
    throw DataError(
        fmt::format("{}: not a PNG by its first bytes: looks like "
                    "{}",
                    source, ImageFormatOf(bytes)));
  }
  try {
    return DecodePng(bytes, source, Alpha::kOnWhite);
  } catch (const std::bad_alloc&) {
    throw DataError(source + ": not enough memory for its pixels");
  }
}

}  // namespace msdbench
