// Against LibTorch's conversions.

#include "datasets/features/half.h"

#include <c10/util/Half.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "reports/random.h"

namespace msdbench {
namespace {

TEST(Half, AllOf65536ConvertAsInLibTorch) {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const float expected =
        c10::Half(static_cast<unsigned short>(bits), c10::Half::from_bits());
    const float value = HalfToFloat(static_cast<std::uint16_t>(bits));
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(value)) << bits;
      continue;
    }
    EXPECT_EQ(std::memcmp(&value, &expected, sizeof(value)), 0) << bits;
    EXPECT_EQ(FloatToHalf(value), bits);
  }
}

TEST(Half, RoundsAsLibTorch) {
  Random random(11, "halves");
  const auto same = [](float value) {
    EXPECT_EQ(FloatToHalf(value), c10::Half(value).x) << value;
  };
  for (int i = 0; i < 200000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.Next());
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    if (!std::isnan(value)) same(value);
    same(static_cast<float>(random.Normal()));
    same(static_cast<float>(random.Normal()) * 1e-5F);
  }
  // Ties, carries and the edges of the range.
  for (float value : {2049.0F, 2051.0F, 2047.5F, 65519.9F, 65520.0F, 65504.0F,
                      std::ldexp(1.0F, -24), std::ldexp(1.0F, -25),
                      std::ldexp(3.0F, -25), std::ldexp(2047.0F, -25)}) {
    same(value);
    same(-value);
  }
}

}  // namespace
}  // namespace msdbench
