// Copies of a file as a bad disk or a broken download leaves them.
#pragma once

#include <string>

#include "reports/random.h"

namespace msdbench {

// The same for the same number: a few bits flipped, half of them in the first
// bytes of a page, where a format keeps its headers; every fifth time the end
// is cut off too.
inline std::string Damaged(std::string bytes, int number, std::size_t page) {
  constexpr std::size_t kHeader = 32;
  Random random(static_cast<std::uint64_t>(number), "damage");
  const auto flips = 1 + random.Below(4);
  for (std::uint64_t i = 0; i < flips; ++i) {
    std::size_t at = random.Below(bytes.size());
    if (random.Below(2) == 0) at = at / page * page + at % kHeader;
    if (at >= bytes.size()) continue;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.Below(8)));
  }
  if (number % 5 == 4) bytes.resize(random.Below(bytes.size()));
  return bytes;
}

}  // namespace msdbench
