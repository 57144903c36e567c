// The largest picture we decode.
#pragma once

#include <cstdint>
#include <string>

namespace msdbench {

// Pillow's own limit: twice 2^30 / 4 / 3 pixels.
inline constexpr std::int64_t kMaxImagePixels = 178956970;

// Throws DataError "SOURCE: ..." when a header announces an empty picture or
// one beyond the limit: asked before any memory is taken for the pixels.
void CheckImageSize(std::int64_t width, std::int64_t height,
                    const std::string& source);

}  // namespace msdbench
