// JPEG through libjpeg-turbo.
#pragma once

#include <string>
#include <string_view>

#include "datasets/image/image.h"

namespace msdbench {

// Grey, YCbCr, RGB, CMYK and YCCK, sequential or progressive. Four inks are
// taken as Adobe stores them, inverted, whether marked so or not: as Pillow
// does. Warnings that pixels were lost (file ends early, damaged entropy-coded
// data) are errors; stray bytes between segments are not.
Image DecodeJpeg(std::string_view bytes, const std::string& source);

}  // namespace msdbench
