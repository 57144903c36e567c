// The decoders behind DecodeImage; only for datasets/image/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "datasets/image/image.h"

namespace msdbench {

// Pillow's own limit before it speaks of a decompression bomb's error.
inline constexpr std::int64_t kMostPixels = 178'956'970;

// Each throws DataError "SOURCE: ...".
Image DecodeJpeg(std::string_view bytes, const std::string& source);
Image DecodePng(std::string_view bytes, const std::string& source);

// Throws DataError for an empty picture or one of more than kMostPixels.
void CheckSize(std::int64_t width, std::int64_t height,
               const std::string& source);

}  // namespace msdbench
