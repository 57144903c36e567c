// A clip-art picture as the data sets hold it.
#pragma once

#include <filesystem>
#include <string>

#include "datasets/image/image.h"

namespace msdbench {

inline constexpr std::int64_t kClipartPixels = 256;

// On white, because loaders drop alpha, which would turn much of what is
// transparent black; then scaled down to kClipartPixels on the longer side.
// Throws DataError "SOURCE: ..." when the file is no readable PNG or shows
// nothing but white.
Image ReadClipartPicture(const std::filesystem::path& png,
                         const std::string& source);

}  // namespace msdbench
