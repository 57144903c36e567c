// The encoder's arithmetic on raw memory of the CPU: what LibTorch has no fused
// form of. Every function works on the rows or heads it is given, alone; the
// callers split the work among threads. Matrices are row-major, without gaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace msdbench::kernels {

// bfloat16 as stored: the upper half of a float.
struct Bf16 {
  std::uint16_t bits;
};

// What a storage type is computed in, and what its parameters are stored as.
template <class T>
struct Arithmetic {
  using type = float;
};
template <>
struct Arithmetic<double> {
  using type = double;
};
template <class T>
using Real = typename Arithmetic<T>::type;

// Which elements are zeroed is a hash of seed and index, so that a backward
// pass sees the mask again without storing it. rate 0 = nothing is dropped.
struct DropMask {
  std::uint64_t seed = 0;
  double rate = 0;
};

// normed = norm(drop(x + bias) + residual) * gamma + beta, by rows of `width`
// (Ba et al. 2016, with the population variance). `hat`, the rows before gamma,
// and `rstd`, [rows], are for the way back; null = not wanted.
template <class T>
struct ResidualNorm {
  std::int64_t width;
  Real<T> epsilon;
  const Real<T>* bias;  // null = none
  const Real<T>* gamma;
  const Real<T>* beta;
  DropMask drop;

  const T* x;
  const T* residual;  // null = none
  T* normed;
  T* hat;
  Real<T>* rstd;
};

// The gradient of the sum that was normed, and of x, which differs from it only
// where elements were dropped (`d_x` may be null then).
template <class T>
struct ResidualNormBackward {
  std::int64_t width;
  const Real<T>* gamma;
  DropMask drop;
  const T* d_normed;
  const T* hat;
  const Real<T>* rstd;
  T* d_sum;
  T* d_x;
};

// active = gelu(x + bias) with the exact normal distribution function
// (Hendrycks and Gimpel 2016), slope = its derivative (null = not wanted).
// In float the error is below 3e-7 of max(1, |x|).
template <class T>
struct Gelu {
  std::int64_t width;
  const T* x;
  const Real<T>* bias;
  T* active;
  T* slope;
};

// Scaled dot-product attention (Vaswani et al. 2017, 3.2.1) of one sequence and
// one head. A head is `width` columns of a matrix; strides are such a matrix's.
template <class T>
struct AttentionHead {
  std::int64_t asked, length;  // queries; keys and values
  std::int64_t width;
  std::int64_t q_stride, kv_stride, context_stride;  // of gradients too
  const T *q, *k, *v;  // at the sequence's first row and the head's column
  const Real<T>*q_bias, *k_bias, *v_bias;  // at the head's column
  DropMask drop;                           // of the shares
  std::uint64_t drop_index;
};

template <class T>
struct Attention : AttentionHead<T> {
  const Real<T>* key_bias;  // added to the scores, [length]; null = none
  T* shares;  // [asked, length], before dropping; null = not wanted
  T* context;
};

template <class T>
struct AttentionBackward : AttentionHead<T> {
  const T *shares, *d_context;
  T *d_q, *d_k, *d_v;
};

// AdamW (Loshchilov and Hutter 2019), decay first, as PyTorch does it.
struct AdamWStep {
  float rate, decay, beta1, beta2, epsilon;
  float rest1, rest2;  // 1 - beta, exact to float; not so from a float beta
  float correction1, correction2;  // 1 - beta^t
  float gradient_scale;            // of clipping
};

// One set of functions a storage type. Ranges are [begin, end) of rows,
// elements or columns. Rows are at most kWidestRow numbers.
constexpr std::int64_t kWidestRow = 16384;

template <class T>
struct Table {
  void (*residual_norm)(const ResidualNorm<T>&, std::int64_t begin,
                        std::int64_t end);
  void (*residual_norm_backward)(const ResidualNormBackward<T>&,
                                 std::int64_t begin, std::int64_t end);
  void (*gelu)(const Gelu<T>&, std::int64_t begin, std::int64_t end);
  // How many bytes of scratch a head needs, 64-byte aligned.
  std::size_t (*attention_scratch)(std::int64_t length, std::int64_t width);
  void (*attention)(const Attention<T>&, void* scratch);
  void (*attention_backward)(const AttentionBackward<T>&, void* scratch);
  // Drops from a row of any length.
  void (*drop)(const DropMask&, T* values, std::int64_t count);
  // out = a * b, element by element.
  void (*multiply)(const T* a, const T* b, T* out, std::int64_t begin,
                   std::int64_t end);
  // sums[c] = sum over rows of scale[r] * a[r][c] (* b[r][c]), for columns
  // [begin, end); scale and b may be null.
  void (*column_sums)(const T* a, const T* b, const Real<T>* scale,
                      std::int64_t rows, std::int64_t width, Real<T>* sums,
                      std::int64_t begin, std::int64_t end);
  // out[r] = scale[r] * a[r], rows [begin, end).
  void (*scale_rows)(const T* a, const Real<T>* scale, std::int64_t width,
                     T* out, std::int64_t begin, std::int64_t end);
  // sums[r] += sum over c of a[r][c] * (b[r][c] * b_scale[c] + bias[c]);
  // b_scale may be null, which counts as 1.
  void (*add_row_products)(const T* a, const T* b, const Real<T>* b_scale,
                           const Real<T>* bias, std::int64_t width,
                           double* sums, std::int64_t begin, std::int64_t end);
};

// The functions for this processor: the widest of AVX-512, AVX2 and what the
// compiler assumes.
template <class T>
const Table<T>& Best();
// All that this processor can run, the widest last: for tests.
template <class T>
std::vector<const Table<T>*> Runnable();

struct OptimizerTable {
  void (*adamw)(const AdamWStep& step, float* parameter, const float* gradient,
                float* mean, float* square, std::int64_t begin,
                std::int64_t end);
  double (*square_sum)(const float* values, std::int64_t begin,
                       std::int64_t end);
};
const OptimizerTable& BestOptimizer();

}  // namespace msdbench::kernels
