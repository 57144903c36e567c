#include "datasets/text/utf8.h"

#include <cstddef>

namespace msdbench {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// What may follow a lead byte. Only the first continuation byte is narrowed,
// which rules out overlong forms, surrogates and values above U+10FFFF.
struct Lead {
  int continuations;  // 0: not a lead byte
  unsigned char low, high;
};

Lead LeadOf(unsigned char byte) {
  if (byte < 0xC2) return {0, 0, 0};
  if (byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte <= 0xF3) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

std::u32string DecodeUtf8(std::string_view bytes) {
  std::u32string out;
  out.reserve(bytes.size());
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto first = static_cast<unsigned char>(bytes[at++]);
    if (first < 0x80) {
      out.push_back(first);
      continue;
    }
    const Lead lead = LeadOf(first);
    char32_t value = first & (0x3F >> lead.continuations);
    unsigned char low = lead.low, high = lead.high;
    int missing = lead.continuations;
    while (missing > 0 && at < bytes.size()) {
      const auto next = static_cast<unsigned char>(bytes[at]);
      if (next < low || next > high) break;
      value = value << 6 | (next & 0x3F);
      low = 0x80, high = 0xBF;
      ++at;
      --missing;
    }
    const bool whole = lead.continuations > 0 && missing == 0;
    out.push_back(whole ? value : kReplacement);
  }
  return out;
}

void AppendUtf8(char32_t code_point, std::string* out) {
  const auto push = [out](char32_t byte) {
    out->push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0 | code_point >> 6);
    push(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    push(0xE0 | code_point >> 12);
    push(0x80 | (code_point >> 6 & 0x3F));
    push(0x80 | (code_point & 0x3F));
  } else {
    push(0xF0 | code_point >> 18);
    push(0x80 | (code_point >> 12 & 0x3F));
    push(0x80 | (code_point >> 6 & 0x3F));
    push(0x80 | (code_point & 0x3F));
  }
}

std::string EncodeUtf8(std::u32string_view code_points) {
  std::string out;
  out.reserve(code_points.size());
  for (const char32_t c : code_points) AppendUtf8(c, &out);
  return out;
}

}  // namespace msdbench
