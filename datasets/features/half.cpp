#include "datasets/features/half.h"

#include <cmath>
#include <cstring>

namespace msdbench {
namespace {

constexpr int kFraction = 10, kBias = 15;                 // of a half
constexpr std::uint32_t kMoreBias = (127 - kBias) << 23;  // of a float

}  // namespace

float HalfToFloat(std::uint16_t bits) {
  float value = 0;
  HalvesToFloats(&bits, 1, &value);
  return value;
}

void HalvesToFloats(const std::uint16_t* halves, std::size_t count,
                    float* floats) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t sign = (halves[i] & 0x8000u) << 16;
    const std::uint32_t size = halves[i] & 0x7fffu;
    // Masks in place of branches, so that the loop runs in vectors.
    const std::uint32_t is_infinite = 0 - std::uint32_t{size >= 0x7c00};
    const std::uint32_t is_small = 0 - std::uint32_t{size < 0x400};
    // Normal numbers get another bias, infinity and NaN that bias twice.
    const std::uint32_t normal =
        (size << 13) + kMoreBias + (is_infinite & kMoreBias);
    // Subnormal numbers: fraction * 2^-24, exact.
    const float small =
        static_cast<float>(static_cast<int>(size)) * (1.0F / (1 << 24));
    std::uint32_t small_bits = 0;
    std::memcpy(&small_bits, &small, sizeof(small_bits));
    const std::uint32_t whole =
        sign | (is_small & small_bits) | (~is_small & normal);
    std::memcpy(floats + i, &whole, sizeof(whole));
  }
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
