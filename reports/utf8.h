// UTF-8 text, one code point at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace msdbench {

// The code point at byte `at`, which moves behind it; U+FFFD and one byte
// further for a byte that is not UTF-8. Needs at < text.size().
char32_t NextCodePoint(std::string_view text, std::size_t& at);

}  // namespace msdbench
