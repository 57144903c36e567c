// Pictures as bytes: decoding foreign files and resizing as Pillow does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace msdbench {

// 8-bit RGB, rows top to bottom, rgb.size() == 3 * width * height.
struct Image {
  std::int64_t width = 0, height = 0;
  std::vector<std::uint8_t> rgb;
};

// JPEG or PNG, told apart by the first bytes, never by the name. Colour
// follows Pillow's convert("RGB"): grey is repeated, alpha is dropped (not
// composited), palettes are looked up, CMYK is converted naively. 16-bit
// samples keep their high byte (Pillow does so for colour, but clips 16-bit
// grey to white). EXIF orientation is ignored. Throws DataError "SOURCE: ..."
// for anything else, damaged, lacking pixels or larger than 178,956,970 pixels
// (Pillow's own limit); never crashes on any bytes.
Image DecodeImage(std::string_view bytes, const std::string& source);
// Also of a row in an HDF5 file, see stored_image.h.
Image ReadImage(const std::filesystem::path& file);

// A PNG as one sees it on white paper: alpha is composited, in the samples as
// they are (no gamma). Otherwise as DecodeImage; throws DataError.
Image DecodePngOnWhite(std::string_view bytes, const std::string& source);

// "JPEG", "PNG", or what else the first bytes look like ("WEBP", "HTML, XML or
// SVG text (...)"), to a person who must convert it.
std::string_view ImageFormatOf(std::string_view bytes);

// Bilinear with a support that grows with the reduction (antialias), in
// Pillow's own fixed-point arithmetic: equal to Image.resize(BILINEAR). Throws
// UsageError for a side below 1.
Image Resize(const Image& image, std::int64_t width, std::int64_t height);

// Baseline files for the miniature data sets and tests.
std::string EncodeJpeg(const Image& image, int quality);
std::string EncodePng(const Image& image);

}  // namespace msdbench
