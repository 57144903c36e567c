// What the kernels share: vectors, storage types, dropping, exp. See kernels.inl.
using Index = std::int64_t;

// Vectors by the compilers' extension; wider than the processor's is allowed.
constexpr int kBytes = 64;
typedef float FloatVector __attribute__((vector_size(kBytes), aligned(4)));
typedef double DoubleVector __attribute__((vector_size(kBytes), aligned(8)));
template <class R>
struct VectorOf {
  using type = FloatVector;
};
template <>
struct VectorOf<double> {
  using type = DoubleVector;
};
template <class R>
constexpr Index kLanes = kBytes / static_cast<Index>(sizeof(R));

inline Index Smaller(Index a, Index b) { return a < b ? a : b; }

template <class R>
inline Index RoundUp(Index n) {
  return (n + kLanes<R> - 1) / kLanes<R> * kLanes<R>;
}

inline float Load(float x) { return x; }
inline double Load(double x) { return x; }
inline float Load(Bf16 x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(x.bits) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline void Store(float x, float* to) { *to = x; }
inline void Store(double x, double* to) { *to = x; }
inline void Store(float x, Bf16* to) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits += 0x7fffU + ((bits >> 16) & 1U);  // to the nearest, ties to even
  to->bits = static_cast<std::uint16_t>(bits >> 16);
}

// Bijective mixing of 32 bits with low bias (found by search, C. Wellons).
inline std::uint32_t Mix(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ (x >> 16);
}

// values[c] = kept ? values[c] / (1 - rate) : 0.
template <class R>
inline void Drop(const DropMask& mask, std::uint64_t first, Index count,
                 R* values) {
  if (mask.rate <= 0) return;
  // Mixed before the index is added: seeds that are neighbours must not drop
  // the same elements one place on.
  const std::uint32_t low = Mix(static_cast<std::uint32_t>(mask.seed));
  const std::uint32_t high =
      Mix(static_cast<std::uint32_t>(mask.seed >> 32) ^ low);
  const auto from = static_cast<std::uint32_t>(first);
  const auto limit = static_cast<std::uint32_t>(mask.rate * 4294967296.0);
  const R scale = static_cast<R>(1 / (1 - mask.rate));
  for (Index c = 0; c < count; ++c) {
    const std::uint32_t hash =
        Mix(Mix(from + static_cast<std::uint32_t>(c) + low) ^ high);
    values[c] = hash >= limit ? values[c] * scale : R(0);
  }
}

// e^x for x <= 0: x = n ln 2 + r, a polynomial for e^r, and n added to the
// exponent. Relative error below 2e-7 down to -5 and 5e-6 down to -87; from
// there on 1.6e-38.
inline float ExpOfNegative(float x) {
  x = x < -87.0F ? -87.0F : x;
  const float n = std::nearbyintf(x * 1.44269504F);
  // ln 2 in two parts would be more exact, but may be summed in any order.
  const float r = x - n * 0.693147181F;
  float p = 1.0F / 5040;
  p = p * r + 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1;
  p = p * r + 1;
  std::int32_t bits;
  std::memcpy(&bits, &p, sizeof bits);
  bits += static_cast<std::int32_t>(n) * (1 << 23);
  std::memcpy(&p, &bits, sizeof p);
  return p;
}
inline double ExpOfNegative(double x) { return std::exp(x); }
