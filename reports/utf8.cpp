#include "reports/utf8.h"

#include <utf8proc.h>

namespace msdbench {

char32_t NextCodePoint(std::string_view text, std::size_t& at) {
  utf8proc_int32_t code = 0;
  const utf8proc_ssize_t bytes = utf8proc_iterate(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
      static_cast<utf8proc_ssize_t>(text.size() - at), &code);
  if (bytes <= 0) {
    ++at;
    return 0xFFFD;
  }
  at += static_cast<std::size_t>(bytes);
  return static_cast<char32_t>(code);
}

}  // namespace msdbench
