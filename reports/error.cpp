#include "reports/error.h"

#include <algorithm>

#include "reports/utf8.h"

namespace msdbench {

std::string OneLine(const std::string& text) {
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::all_of(text.begin(), text.end(), printable)) return text;
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = NextCodePoint(text, at);
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    const bool broken = c == 0xFFFD && at == from + 1;
    if (control || broken) {
      line += '?';
    } else {
      line.append(text, from, at - from);
    }
  }
  return line;
}

}  // namespace msdbench
