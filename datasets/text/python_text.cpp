#include "datasets/text/python_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "datasets/text/utf8.h"

namespace msdbench {
namespace {

constexpr std::int32_t kCapitalSigma = 0x3A3, kSigma = 0x3C3,
                       kFinalSigma = 0x3C2, kCapitalIDot = 0x130,
                       kDotAbove = 0x307;

struct Range {
  std::int32_t first, last;
};

template <std::size_t kCount>
bool IsIn(const std::array<Range, kCount>& ranges, std::int32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](const Range& range) {
    return c >= range.first && c <= range.last;
  });
}

// Unicode's Case_Ignorable: marks, format characters, modifiers, and what may
// stand inside a word (Word_Break MidLetter, MidNumLet, Single_Quote).
bool IsCaseIgnorable(std::int32_t c) {
  if (c < 0) return false;
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      break;
  }
  constexpr std::array<Range, 16> kInsideWords = {{{0x27, 0x27},
                                                   {0x2E, 0x2E},
                                                   {0x3A, 0x3A},
                                                   {0xB7, 0xB7},
                                                   {0x387, 0x387},
                                                   {0x55F, 0x55F},
                                                   {0x5F4, 0x5F4},
                                                   {0x2018, 0x2019},
                                                   {0x2024, 0x2024},
                                                   {0x2027, 0x2027},
                                                   {0xFE13, 0xFE13},
                                                   {0xFE52, 0xFE52},
                                                   {0xFE55, 0xFE55},
                                                   {0xFF07, 0xFF07},
                                                   {0xFF0E, 0xFF0E},
                                                   {0xFF1A, 0xFF1A}}};
  return IsIn(kInsideWords, c);
}

// Unicode's Cased, of what is not Case_Ignorable.
bool IsCased(std::int32_t c) {
  if (c < 0) return false;
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
      return true;
    default:
      break;
  }
  // Other_Lowercase and Other_Uppercase: ordinals, Roman numerals, letters in
  // circles and squares.
  constexpr std::array<Range, 7> kOthers = {{{0xAA, 0xAA},
                                             {0xBA, 0xBA},
                                             {0x2160, 0x217F},
                                             {0x24B6, 0x24E9},
                                             {0x1F130, 0x1F149},
                                             {0x1F150, 0x1F169},
                                             {0x1F170, 0x1F189}}};
  return IsIn(kOthers, c);
}

bool CasedFollows(std::string_view text, std::size_t place) {
  while (place < text.size()) {
    const CodePoint point = CodePointAt(text, place);
    if (!IsCaseIgnorable(point.value)) return IsCased(point.value);
    place += point.bytes;
  }
  return false;
}

}  // namespace

CodePoint CodePointAt(std::string_view text, std::size_t place) {
  CodePoint point;
  const auto read = utf8proc_iterate(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + place,
      static_cast<utf8proc_ssize_t>(text.size() - place), &point.value);
  if (read > 0) point.bytes = static_cast<std::size_t>(read);
  return point;
}

bool IsPythonSpace(std::int32_t c) {
  return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 ||
         c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

bool IsPythonDigit(std::int32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return utf8proc_category(c) == UTF8PROC_CATEGORY_ND;
}

std::string PythonLower(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  const auto append = [&](std::int32_t c) {
    AppendUtf8(static_cast<char32_t>(c), &lower);
  };
  // The last character that is not ignorable is cased: a sigma may be final.
  bool after_cased = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = CodePointAt(text, i);
    const std::int32_t c = point.value;
    i += point.bytes;
    if (c < 0) {
      lower += text[i - 1];
    } else if (c == kCapitalIDot) {
      append('i');
      append(kDotAbove);
    } else if (c == kCapitalSigma) {
      append(after_cased && !CasedFollows(text, i) ? kFinalSigma : kSigma);
    } else {
      append(utf8proc_tolower(c));
    }
    if (!IsCaseIgnorable(c)) after_cased = IsCased(c);
  }
  return lower;
}

}  // namespace msdbench
