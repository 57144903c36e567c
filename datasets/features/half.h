// IEEE 754 half precision as bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace msdbench {

float HalfToFloat(std::uint16_t bits);
// Many at once, several in a step.
void HalvesToFloats(const std::uint16_t* halves, std::size_t count,
                    float* floats);
// To the nearest, ties to even; infinity above 65,504.
std::uint16_t FloatToHalf(float value);

}  // namespace msdbench
