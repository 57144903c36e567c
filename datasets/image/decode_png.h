// PNG through libpng.
#pragma once

#include <string>
#include <string_view>

#include "datasets/image/image.h"

namespace msdbench {

// Every colour type, depth and interlacing. Of 16-bit samples the high byte is
// kept; a wrong checksum, and a palette index without a colour, are errors.
enum class Alpha { kDropped, kOnWhite };
Image DecodePng(std::string_view bytes, const std::string& source,
                Alpha alpha = Alpha::kDropped);

}  // namespace msdbench
