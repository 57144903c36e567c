// The kernels, for one instruction set: each kernels_*.cpp defines LEVEL and is
// compiled with its own flags. Everything is local to the file, and nothing
// here may come from a header with inline functions: the linker keeps one copy
// of such a function, perhaps one that this processor cannot run.
#include <cmath>
#include <cstring>

#include "baselines/kernels/kernels.h"

namespace msdbench::kernels {
namespace {

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
  const auto low = static_cast<std::uint32_t>(mask.seed);
  const auto high = static_cast<std::uint32_t>(mask.seed >> 32);
  const auto from = static_cast<std::uint32_t>(first);
  const auto limit = static_cast<std::uint32_t>(mask.rate * 4294967296.0);
  const R scale = static_cast<R>(1 / (1 - mask.rate));
  for (Index c = 0; c < count; ++c) {
    const std::uint32_t hash =
        Mix(Mix(from + static_cast<std::uint32_t>(c) + low) ^ high);
    values[c] = hash >= limit ? values[c] * scale : R(0);
  }
}

// e^x for x <= 0 to float precision: x = n ln 2 + r, a polynomial for e^r, and
// n added to the exponent.
inline float ExpOfNegative(float x) {
  x = x < -87.0F ? -87.0F : x;
  const float n = std::nearbyintf(x * 1.44269504F);
  const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
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

// The normal distribution's density times sqrt(2 pi), and its distribution
// function.
inline void Normal(float x, float* density, float* below) {
  const float z = std::fabs(x) * 0.70710678F;
  const float e = ExpOfNegative(-0.5F * x * x);
  // erfc(z) after Abramowitz and Stegun 7.1.26.
  const float t = 1 / (1 + 0.3275911F * z);
  float p = 1.061405429F;
  p = p * t - 1.453152027F;
  p = p * t + 1.421413741F;
  p = p * t - 0.284496736F;
  p = p * t + 0.254829592F;
  const float tail = 0.5F * p * t * e;
  *density = e;
  *below = x < 0 ? tail : 1 - tail;
}
inline void Normal(double x, double* density, double* below) {
  *density = std::exp(-0.5 * x * x);
  *below = 0.5 * std::erfc(-x * 0.70710678118654752440);
}

template <class T>
void ResidualNormRows(const ResidualNorm<T>& op, Index begin, Index end) {
  using R = Real<T>;
  const Index width = op.width;
  alignas(kBytes) R sum[kWidestRow];
  for (Index row = begin; row < end; ++row) {
    const T* x = op.x + row * width;
    for (Index c = 0; c < width; ++c) sum[c] = Load(x[c]);
    if (op.bias != nullptr) {
      for (Index c = 0; c < width; ++c) sum[c] += op.bias[c];
    }
    Drop(op.drop, static_cast<std::uint64_t>(row * width), width, sum);
    if (op.residual != nullptr) {
      const T* residual = op.residual + row * width;
      for (Index c = 0; c < width; ++c) sum[c] += Load(residual[c]);
    }
    R total = 0;
    for (Index c = 0; c < width; ++c) total += sum[c];
    const R mean = total / static_cast<R>(width);
    R squares = 0;
    for (Index c = 0; c < width; ++c) {
      sum[c] -= mean;
      squares += sum[c] * sum[c];
    }
    const R rstd = 1 / std::sqrt(squares / static_cast<R>(width) + op.epsilon);
    T* normed = op.normed + row * width;
    for (Index c = 0; c < width; ++c) {
      sum[c] *= rstd;
      Store(sum[c] * op.gamma[c] + op.beta[c], normed + c);
    }
    if (op.hat != nullptr) {
      T* hat = op.hat + row * width;
      for (Index c = 0; c < width; ++c) Store(sum[c], hat + c);
      op.rstd[row] = rstd;
    }
  }
}

template <class T>
void ResidualNormBackwardRows(const ResidualNormBackward<T>& op, Index begin,
                              Index end) {
  using R = Real<T>;
  const Index width = op.width;
  alignas(kBytes) R g[kWidestRow];
  for (Index row = begin; row < end; ++row) {
    const T* d_normed = op.d_normed + row * width;
    const T* hat = op.hat + row * width;
    R total = 0, along = 0;
    for (Index c = 0; c < width; ++c) {
      g[c] = Load(d_normed[c]) * op.gamma[c];
      total += g[c];
      along += g[c] * Load(hat[c]);
    }
    const R mean = total / static_cast<R>(width);
    const R mean_along = along / static_cast<R>(width);
    const R rstd = op.rstd[row];
    T* d_sum = op.d_sum + row * width;
    for (Index c = 0; c < width; ++c) {
      g[c] = (g[c] - mean - Load(hat[c]) * mean_along) * rstd;
      Store(g[c], d_sum + c);
    }
    if (op.d_x == nullptr) continue;
    Drop(op.drop, static_cast<std::uint64_t>(row * width), width, g);
    T* d_x = op.d_x + row * width;
    for (Index c = 0; c < width; ++c) Store(g[c], d_x + c);
  }
}

template <class T>
void GeluRows(const Gelu<T>& op, Index begin, Index end) {
  using R = Real<T>;
  for (Index row = begin; row < end; ++row) {
    const T* from = op.x + row * op.width;
    T* active = op.active + row * op.width;
    T* slope = op.slope == nullptr ? nullptr : op.slope + row * op.width;
    if (slope == nullptr) {
      for (Index c = 0; c < op.width; ++c) {
        const R x = Load(from[c]) + op.bias[c];
        R density, below;
        Normal(x, &density, &below);
        Store(x * below, active + c);
      }
      continue;
    }
    for (Index c = 0; c < op.width; ++c) {
      const R x = Load(from[c]) + op.bias[c];
      R density, below;
      Normal(x, &density, &below);
      Store(x * below, active + c);
      Store(below + x * density * R(0.39894228040143267794), slope + c);
    }
  }
}

// A stretch of `rows` x `columns` vectors of c = a b, kept in registers.
template <class R, int rows, int columns>
inline void ProductTile(const R* a, Index a_row, Index a_next, const R* b,
                        Index b_row, R* c, Index c_row, Index depth) {
  using V = typename VectorOf<R>::type;
  V sums[rows][columns];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j) sums[i][j] = V{};
  }
  for (Index k = 0; k < depth; ++k) {
    V right[columns];
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j) {
      right[j] =
          *reinterpret_cast<const V*>(b + k * b_row + j * kLanes<R>);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const R left = a[i * a_row + k * a_next];
#pragma GCC unroll 8
      for (int j = 0; j < columns; ++j) sums[i][j] += left * right[j];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j) {
      *reinterpret_cast<V*>(c + i * c_row + j * kLanes<R>) = sums[i][j];
    }
  }
}

template <class R, int columns>
inline void ProductColumns(const R* a, Index a_row, Index a_next, const R* b,
                           Index b_row, R* c, Index c_row, Index rows,
                           Index depth) {
  Index i = 0;
  for (; i + 6 <= rows; i += 6) {
    ProductTile<R, 6, columns>(a + i * a_row, a_row, a_next, b, b_row,
                               c + i * c_row, c_row, depth);
  }
  for (; i + 2 <= rows; i += 2) {
    ProductTile<R, 2, columns>(a + i * a_row, a_row, a_next, b, b_row,
                               c + i * c_row, c_row, depth);
  }
  if (i < rows) {
    ProductTile<R, 1, columns>(a + i * a_row, a_row, a_next, b, b_row,
                               c + i * c_row, c_row, depth);
  }
}

// c [rows, columns] = a b. Element (i, k) of a lies at i * a_row + k * a_next;
// columns is a multiple of kLanes, and b and c have room for that.
template <class R>
void Product(const R* a, Index a_row, Index a_next, const R* b, Index b_row,
             R* c, Index c_row, Index rows, Index columns, Index depth) {
  Index j = 0;
  for (; j + 2 * kLanes<R> <= columns; j += 2 * kLanes<R>) {
    ProductColumns<R, 2>(a, a_row, a_next, b + j, b_row, c + j, c_row, rows,
                         depth);
  }
  if (j < columns) {
    ProductColumns<R, 1>(a, a_row, a_next, b + j, b_row, c + j, c_row, rows,
                         depth);
  }
}

// to [rows, padded] = (from + bias) * scale, the padding 0.
template <class T>
inline void LoadHead(const T* from, Index stride, const Real<T>* bias,
                     Real<T> scale, Index rows, Index width, Index padded,
                     Real<T>* to) {
  for (Index i = 0; i < rows; ++i) {
    const T* in = from + i * stride;
    Real<T>* out = to + i * padded;
    if (bias != nullptr) {
      for (Index c = 0; c < width; ++c) out[c] = (Load(in[c]) + bias[c]) * scale;
    } else {
      for (Index c = 0; c < width; ++c) out[c] = Load(in[c]) * scale;
    }
    for (Index c = width; c < padded; ++c) out[c] = 0;
  }
}

template <class R>
inline void Transpose(const R* from, Index rows, Index width, Index from_row,
                      R* to, Index to_row) {
  for (Index c = 0; c < width; ++c) {
    for (Index i = 0; i < rows; ++i) to[c * to_row + i] = from[i * from_row + c];
    for (Index i = rows; i < to_row; ++i) to[c * to_row + i] = 0;
  }
}

template <class T>
inline void StoreHead(const Real<T>* from, Index padded, Real<T> scale,
                      Index rows, Index width, Index stride, T* to) {
  for (Index i = 0; i < rows; ++i) {
    for (Index c = 0; c < width; ++c) {
      Store(from[i * padded + c] * scale, to + i * stride + c);
    }
  }
}

// The buffers of one head, one after another.
template <class R>
struct HeadBuffers {
  Index wide, tall;       // width and length, padded
  R *q, *k, *v, *out;     // [length, wide]
  R *transposed;          // [width, tall]
  R *scores, *d_scores;   // [length, tall]

  HeadBuffers(Index length, Index width, void* scratch)
      : wide(RoundUp<R>(width)), tall(RoundUp<R>(length)) {
    R* next = static_cast<R*>(scratch);
    const auto take = [&](Index count) {
      R* here = next;
      next += count;
      return here;
    };
    q = take(length * wide);
    k = take(length * wide);
    v = take(length * wide);
    out = take(length * wide);
    transposed = take(wide * tall);
    scores = take(length * tall);
    d_scores = take(length * tall);
  }
  static std::size_t Bytes(Index length, Index width) {
    const Index wide = RoundUp<R>(width), tall = RoundUp<R>(length);
    return sizeof(R) * static_cast<std::size_t>(4 * length * wide + wide * tall +
                                                2 * length * tall);
  }
};

template <class T>
std::size_t AttentionScratch(Index length, Index width) {
  return HeadBuffers<Real<T>>::Bytes(length, width);
}

template <class R>
inline R HeadScale(Index width) {
  return static_cast<R>(1 / std::sqrt(static_cast<double>(width)));
}

template <class R>
inline void Softmax(R* row, Index count, Index padded) {
  R most = row[0];
  for (Index j = 1; j < count; ++j) most = row[j] > most ? row[j] : most;
  R total = 0;
  for (Index j = 0; j < count; ++j) {
    row[j] = ExpOfNegative(row[j] - most);
    total += row[j];
  }
  const R inverse = 1 / total;
  for (Index j = 0; j < count; ++j) row[j] *= inverse;
  for (Index j = count; j < padded; ++j) row[j] = 0;
}

template <class T>
void AttendHead(const Attention<T>& op, void* scratch) {
  using R = Real<T>;
  const HeadBuffers<R> b(op.length, op.width, scratch);
  LoadHead(op.q, op.q_stride, op.q_bias, HeadScale<R>(op.width), op.asked,
           op.width, b.wide, b.q);
  LoadHead(op.k, op.kv_stride, op.k_bias, R(1), op.length, op.width, b.wide, b.k);
  LoadHead(op.v, op.kv_stride, op.v_bias, R(1), op.length, op.width, b.wide, b.v);
  Transpose(b.k, op.length, op.width, b.wide, b.transposed, b.tall);
  Product(b.q, b.wide, Index(1), b.transposed, b.tall, b.scores, b.tall,
          op.asked, b.tall, op.width);
  for (Index i = 0; i < op.asked; ++i) {
    R* row = b.scores + i * b.tall;
    if (op.key_bias != nullptr) {
      for (Index j = 0; j < op.length; ++j) row[j] += op.key_bias[j];
    }
    Softmax(row, op.length, b.tall);
    if (op.shares != nullptr) {
      T* shares = op.shares + i * op.length;
      for (Index j = 0; j < op.length; ++j) Store(row[j], shares + j);
    }
    Drop(op.drop, op.drop_index + static_cast<std::uint64_t>(i * op.length),
         op.length, row);
  }
  Product(b.scores, b.tall, Index(1), b.v, b.wide, b.out, b.wide, op.asked,
          b.wide, op.length);
  StoreHead(b.out, b.wide, R(1), op.asked, op.width, op.context_stride,
            op.context);
}

template <class T>
void AttendHeadBackward(const AttentionBackward<T>& op, void* scratch) {
  using R = Real<T>;
  const HeadBuffers<R> b(op.length, op.width, scratch);
  const R scale = HeadScale<R>(op.width);
  R* d_context = b.k;  // until the keys are needed
  LoadHead(op.d_context, op.context_stride, static_cast<const R*>(nullptr), R(1),
           op.asked, op.width, b.wide, d_context);
  LoadHead(op.v, op.kv_stride, op.v_bias, R(1), op.length, op.width, b.wide, b.v);
  Transpose(b.v, op.length, op.width, b.wide, b.transposed, b.tall);
  Product(d_context, b.wide, Index(1), b.transposed, b.tall, b.d_scores, b.tall,
          op.asked, b.tall, op.width);
  for (Index i = 0; i < op.asked; ++i) {
    const T* stored = op.shares + i * op.length;
    R* shares = b.scores + i * b.tall;
    R* d = b.d_scores + i * b.tall;
    const std::uint64_t first =
        op.drop_index + static_cast<std::uint64_t>(i * op.length);
    Drop(op.drop, first, op.length, d);
    R along = 0;
    for (Index j = 0; j < op.length; ++j) {
      shares[j] = Load(stored[j]);
      along += shares[j] * d[j];
    }
    for (Index j = 0; j < op.length; ++j) d[j] = shares[j] * (d[j] - along);
    for (Index j = op.length; j < b.tall; ++j) d[j] = 0;
    // What multiplied the values: shares after dropping.
    Drop(op.drop, first, op.length, shares);
  }
  // Gradients of values, then of queries and keys.
  Product(b.scores, Index(1), b.tall, d_context, b.wide, b.out, b.wide,
          op.length, b.wide, op.asked);
  StoreHead(b.out, b.wide, R(1), op.length, op.width, op.kv_stride, op.d_v);
  LoadHead(op.k, op.kv_stride, op.k_bias, R(1), op.length, op.width, b.wide, b.k);
  Product(b.d_scores, b.tall, Index(1), b.k, b.wide, b.out, b.wide, op.asked,
          b.wide, op.length);
  StoreHead(b.out, b.wide, scale, op.asked, op.width, op.q_stride, op.d_q);
  LoadHead(op.q, op.q_stride, op.q_bias, scale, op.asked, op.width, b.wide, b.q);
  Product(b.d_scores, Index(1), b.tall, b.q, b.wide, b.out, b.wide, op.length,
          b.wide, op.asked);
  StoreHead(b.out, b.wide, R(1), op.length, op.width, op.kv_stride, op.d_k);
}

template <class T>
void DropRow(const DropMask& mask, T* values, Index count) {
  using R = Real<T>;
  alignas(kBytes) R part[1024];
  for (Index first = 0; first < count; first += 1024) {
    const Index n = Smaller(1024, count - first);
    for (Index c = 0; c < n; ++c) part[c] = Load(values[first + c]);
    Drop(mask, static_cast<std::uint64_t>(first), n, part);
    for (Index c = 0; c < n; ++c) Store(part[c], values + first + c);
  }
}

template <class T>
void Multiply(const T* a, const T* b, T* out, Index begin, Index end) {
  for (Index i = begin; i < end; ++i) Store(Load(a[i]) * Load(b[i]), out + i);
}

template <class T>
void ColumnSums(const T* a, const T* b, const Real<T>* scale, Index rows,
                Index width, Real<T>* sums, Index begin, Index end) {
  using R = Real<T>;
  for (Index c = begin; c < end; ++c) sums[c] = 0;
  for (Index row = 0; row < rows; ++row) {
    const T* x = a + row * width;
    const R s = scale == nullptr ? R(1) : scale[row];
    if (b != nullptr) {
      const T* y = b + row * width;
      for (Index c = begin; c < end; ++c) sums[c] += s * Load(x[c]) * Load(y[c]);
    } else {
      for (Index c = begin; c < end; ++c) sums[c] += s * Load(x[c]);
    }
  }
}

template <class T>
void ScaleRows(const T* a, const Real<T>* scale, Index width, T* out,
               Index begin, Index end) {
  for (Index row = begin; row < end; ++row) {
    for (Index c = row * width; c < (row + 1) * width; ++c) {
      Store(Load(a[c]) * scale[row], out + c);
    }
  }
}

template <class T>
void AddRowProducts(const T* a, const T* b, const Real<T>* b_scale,
                    const Real<T>* bias, Index width, double* sums, Index begin,
                    Index end) {
  using R = Real<T>;
  for (Index row = begin; row < end; ++row) {
    const T* x = a + row * width;
    const T* y = b + row * width;
    R sum = 0;
    if (b_scale == nullptr) {
      for (Index c = 0; c < width; ++c) sum += Load(x[c]) * (Load(y[c]) + bias[c]);
    } else {
      for (Index c = 0; c < width; ++c) {
        sum += Load(x[c]) * (Load(y[c]) * b_scale[c] + bias[c]);
      }
    }
    sums[row] += sum;
  }
}

void AdamW(const AdamWStep& step, float* parameter, const float* gradient,
           float* mean, float* square, Index begin, Index end) {
  const float shrink = 1 - step.rate * step.decay;
  const float stride = step.rate / step.correction1;
  const float root = 1 / std::sqrt(step.correction2);
  for (Index i = begin; i < end; ++i) {
    const float g = gradient[i] * step.gradient_scale;
    const float m = step.beta1 * mean[i] + step.rest1 * g;
    const float v = step.beta2 * square[i] + step.rest2 * g * g;
    mean[i] = m;
    square[i] = v;
    parameter[i] = parameter[i] * shrink -
                   stride * m / (std::sqrt(v) * root + step.epsilon);
  }
}

double SquareSum(const float* values, Index begin, Index end) {
  double sum = 0;
  // Stretches in float, so that it stays as wide as the vectors are.
  constexpr Index kStretch = 1024;
  for (Index first = begin; first < end; first += kStretch) {
    float part = 0;
    const Index last = Smaller(end, first + kStretch);
    for (Index i = first; i < last; ++i) part += values[i] * values[i];
    sum += part;
  }
  return sum;
}

template <class T>
constexpr Table<T> MakeTable() {
  return {ResidualNormRows<T>, ResidualNormBackwardRows<T>,
          GeluRows<T>,         AttentionScratch<T>,
          AttendHead<T>,       AttendHeadBackward<T>, DropRow<T>,
          Multiply<T>,         ColumnSums<T>,
          ScaleRows<T>,        AddRowProducts<T>};
}

}  // namespace

namespace LEVEL {
extern const Table<float> kFloat = MakeTable<float>();
extern const Table<double> kDouble = MakeTable<double>();
extern const Table<Bf16> kBf16 = MakeTable<Bf16>();
extern const OptimizerTable kOptimizer = {AdamW, SquareSum};
}  // namespace LEVEL

}  // namespace msdbench::kernels
