#include "datasets/features/half.h"

#include <cmath>
#include <cstring>

namespace msdbench {
namespace {

constexpr int kFraction = 10, kBias = 15;  // of a half

}  // namespace

float HalfToFloat(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16;
  const std::uint32_t exponent = bits >> kFraction & 0x1f;
  const std::uint32_t fraction = bits & 0x3ff;
  std::uint32_t whole = 0;
  if (exponent == 0) {  // zero or subnormal: fraction * 2^-24
    const float small = std::ldexp(static_cast<float>(fraction), -24);
    std::memcpy(&whole, &small, sizeof(whole));
  } else if (exponent == 0x1f) {  // infinity or NaN
    whole = 0x7f800000 | fraction << 13;
  } else {
    whole = (exponent + 127 - kBias) << 23 | fraction << 13;
  }
  whole |= sign;
  float value = 0;
  std::memcpy(&value, &whole, sizeof(value));
  return value;
}

std::uint16_t FloatToHalf(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  if (std::isnan(value)) return sign | 0x7e00;
  const float size = std::fabs(value);
  if (size >= 65520) return sign | 0x7c00;  // halfway beyond the largest
  // Units of the last place; below 2^-14 all halves lie 2^-24 apart.
  int exponent = -14;
  if (size >= std::ldexp(1.0F, -14)) exponent = std::ilogb(size);
  const float units = std::ldexp(size, kFraction - exponent);
  // Exact below 2^24; rounds to even in the default rounding mode.
  auto rounded = static_cast<std::uint32_t>(std::nearbyint(units));
  // The implied leading 1 and a carry out of the fraction add to the exponent.
  rounded += static_cast<std::uint32_t>(exponent + kBias - 1) << kFraction;
  return static_cast<std::uint16_t>(sign | rounded);
}

}  // namespace msdbench
