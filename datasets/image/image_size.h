// The largest picture we decode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace msdbench {

// Pillow's own limit: twice 2^30 / 4 / 3 pixels.
inline constexpr std::int64_t kMaxImagePixels = 178956970;

// Throws DataError "SOURCE: ..." when a header announces an empty picture or
// one beyond the limit: asked before any memory is taken for the pixels.
void CheckImageSize(std::int64_t width, std::int64_t height,
                    const std::string& source);

// Throws DataError when a file of `bytes` is shorter than `least`, which its
// pixels take in the best compression that its format has.
void CheckFileHolds(std::size_t bytes, std::size_t least,
                    const std::string& source);

}  // namespace msdbench
