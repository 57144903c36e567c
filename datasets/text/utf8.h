// UTF-8 to code points and back, for bytes that may be anything.
#pragma once

#include <string>
#include <string_view>

namespace msdbench {

// Every maximal ill-formed part becomes one U+FFFD (Unicode standard 3.9,
// table 3-8), as Python's errors="replace" does. Never throws on content.
std::u32string DecodeUtf8(std::string_view bytes);

// Code points must be scalar values, as DecodeUtf8 returns them.
void AppendUtf8(char32_t code_point, std::string* out);
std::string EncodeUtf8(std::u32string_view code_points);

}  // namespace msdbench
