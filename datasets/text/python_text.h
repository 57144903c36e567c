// What Python's `str` and `re` do with characters, on UTF-8: public evaluation
// code is written in it. As CPython 3.11 (Unicode 14) has it; for later letters
// utf8proc's tables decide. Bytes that are not UTF-8 pass through and are
// neither letter, space nor digit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace msdbench {

// A code point of a text and how many bytes it takes.
struct CodePoint {
  std::int32_t value = -1;  // -1: not UTF-8, taken as one byte
  std::size_t bytes = 1;
};

// Needs place < text.size().
CodePoint CodePointAt(std::string_view text, std::size_t place);

// str.isspace, str.strip() and str.split().
bool IsPythonSpace(std::int32_t code_point);

// \d of a str pattern.
bool IsPythonDigit(std::int32_t code_point);

// str.lower(): Unicode's full mapping, so that U+0130 becomes i and U+0307, and
// a capital sigma at the end of a word the final one.
std::string PythonLower(std::string_view text);

}  // namespace msdbench
