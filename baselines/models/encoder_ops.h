// The encoder's operations and their derivatives on matrices of tokens, without
// autograd. On the CPU they are our kernels around LibTorch's matrix products,
// on other devices LibTorch's operations. Matrices are float, double or
// bfloat16; vectors of parameters and statistics are float for bfloat16.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "baselines/models/row_layout.h"

namespace msdbench {

// The type of vectors beside matrices of `matrix` type.
c10::ScalarType RealType(c10::ScalarType matrix);

// Whether tensors there are worked on by our kernels: on the CPU, except while
// a PlainOperations lives, which tests of the other devices' path make.
bool UseKernels(c10::Device device);
class PlainOperations {
 public:
  PlainOperations();
  ~PlainOperations();
  PlainOperations(const PlainOperations&) = delete;
  PlainOperations& operator=(const PlainOperations&) = delete;
};

// Which elements an operation zeroes, see kernels::DropMask.
struct DropSite {
  double rate = 0;
  std::uint64_t seed = 0;
};

// 0 where an element is dropped, else 1 / (1 - rate); of `like`'s shape.
at::Tensor DropFactors(const at::Tensor& like, const DropSite& drop);
// x times those.
at::Tensor Drop(const at::Tensor& x, const DropSite& drop);

// x [rows, in], weight [out, in] -> x weight^T.
at::Tensor MultiplyRows(const at::Tensor& x, const at::Tensor& weight);
// d [rows, out] -> d weight (+ plus), [rows, in].
at::Tensor MultiplyBack(const at::Tensor& d, const at::Tensor& weight,
                        const at::Tensor& plus = {});
// d^T x, [out, in], in the real type.
at::Tensor OuterSum(const at::Tensor& d, const at::Tensor& x);

struct Normed {
  at::Tensor out, hat, rstd;  // hat and rstd undefined where not kept
};
// norm(drop(x + bias) + residual) * gamma + beta, by rows.
Normed ResidualNorm(const at::Tensor& x, const at::Tensor& bias,
                    const at::Tensor& residual, const at::Tensor& gamma,
                    const at::Tensor& beta, double epsilon,
                    const DropSite& drop, bool keep);
struct NormGradient {
  at::Tensor sum;  // of what was normed, and so of the residual
  at::Tensor x;
};
NormGradient ResidualNormBackward(const at::Tensor& d, const Normed& normed,
                                  const at::Tensor& gamma,
                                  const DropSite& drop);

struct Activated {
  at::Tensor out, slope;  // slope undefined where not kept
};
// gelu(x + bias), and its derivative by x.
Activated GeluRows(const at::Tensor& x, const at::Tensor& bias, bool keep);
// a * b, into a.
void MultiplyInPlace(at::Tensor& a, const at::Tensor& b);

// Queries [rows, hidden] or, asked of each sequence's first token alone,
// [sequences, hidden]; keys beside values, [rows, 2 hidden]. Views of one
// matrix are welcome.
struct Attended {
  at::Tensor q, kv;            // without their biases
  at::Tensor q_bias, kv_bias;  // [hidden], [2 hidden]
  std::int64_t heads;
  bool first_only;
};
struct Context {
  at::Tensor out;     // as q
  at::Tensor shares;  // flat, [sequence][head][asked][length], if kept
};
Context Attend(const Attended& input, const RowLayout& layout,
               const DropSite& drop, bool keep);
// Writes the gradients into d_q and d_kv, which have q's and kv's shapes.
void AttendBackward(const Attended& input, const RowLayout& layout,
                    const DropSite& drop, const at::Tensor& shares,
                    const at::Tensor& d_context, at::Tensor& d_q,
                    at::Tensor& d_kv);

// Sums over rows of scale * a (* b), [width], in the real type; b and scale,
// [rows], may be undefined.
at::Tensor ColumnSums(const at::Tensor& a, const at::Tensor& b,
                      const at::Tensor& scale);
at::Tensor ScaleRows(const at::Tensor& a, const at::Tensor& scale);
// sums [rows], double: += the rows' products a . (b * b_scale + bias); b_scale
// may be undefined.
void AddRowProducts(const at::Tensor& a, const at::Tensor& b,
                    const at::Tensor& b_scale, const at::Tensor& bias,
                    at::Tensor& sums);

}  // namespace msdbench
