// The integers that survive every JSON reader: those that a double holds.
#pragma once

#include <cstdint>

namespace msdbench {

// 2^53 - 1. Beyond it another number may come back than was written.
inline constexpr std::int64_t kLargestExactInteger = 9007199254740991;

}  // namespace msdbench
