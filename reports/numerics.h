// The version of the code's arithmetic, as a number of its own.
#pragma once

namespace msdbench {

// To be raised by any change after which the same suite on the same data and
// machine gives other numbers: a default, a formula, an order of random draws,
// a decoder. It is part of every record, cache key and baseline, so what was
// computed before is neither reused nor taken for equal. The test
// NumericsVersion fails where numbers moved and this did not.
inline constexpr int kNumericsVersion = 1;

}  // namespace msdbench
