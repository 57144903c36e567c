// IEEE 754 half precision as bits.
#pragma once

#include <cstdint>

namespace msdbench {

float HalfToFloat(std::uint16_t bits);
// To the nearest, ties to even; infinity above 65,504.
std::uint16_t FloatToHalf(float value);

}  // namespace msdbench
