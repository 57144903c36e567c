// One layer of BERT's encoder (Devlin et al. 2019), forward and back, written
// out: attention, then a two-layer network, each added to its input and normed.
// Gradients of activations and of weights are separate passes, so that rows can
// be weighed anew without going back again (msd-learned).
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

#include "baselines/models/encoder_ops.h"

namespace msdbench {

// The layer's parameters, query, key and value one below the other. Matrices in
// the type of the computation, vectors in its real type.
struct LayerWeights {
  at::Tensor qkv, qkv_bias;  // [3 hidden, hidden]
  at::Tensor mix, mix_bias;  // [hidden, hidden]
  at::Tensor mix_gamma, mix_beta;
  at::Tensor up, up_bias;      // [intermediate, hidden]
  at::Tensor down, down_bias;  // [hidden, intermediate]
  at::Tensor gamma, beta;

  // The tensors above in that order, for what treats all alike.
  std::array<at::Tensor*, 12> All();
};

struct LayerOptions {
  std::int64_t heads = 12;
  double epsilon = 1e-12;
  double dropout = 0;              // of hidden states and attention shares
  std::uint64_t dropout_seed = 0;  // of this layer in this pass
  // Only each sequence's first token's output: [sequences, hidden].
  bool first_only = false;
};

// What a forward pass leaves behind for the way back, and what that finds: the
// gradients (d_) at the output of each product and of each norm.
struct LayerTrace {
  at::Tensor x, asked;  // input rows, and those whose output was asked for
  at::Tensor q, kv, shares, context;
  Normed mixed;
  Activated active;
  Normed normed;

  at::Tensor d_q, d_kv, d_qkv;  // d_qkv holds the two where all was asked
  at::Tensor d_mix, d_mixed, d_up, d_down, d_normed;
};

// rows [rows, hidden] -> the same, or [sequences, hidden]. trace: null where
// there is no way back.
at::Tensor RunLayer(const LayerWeights& weights, const LayerOptions& options,
                    const RowLayout& layout, const at::Tensor& rows,
                    LayerTrace* trace);

// The gradient at the output -> at the input rows. Fills the trace's d_.
at::Tensor RunLayerBack(const LayerWeights& weights,
                        const LayerOptions& options, const RowLayout& layout,
                        const at::Tensor& d_out, LayerTrace& trace);

// Sequences [first, last) of a layout, as rows.
struct SequenceRange {
  std::int64_t first = 0, last = 0;          // sequences
  std::int64_t first_row = 0, last_row = 0;  // their tokens
};

// The weights' gradients from the rows of a range, each row's share times its
// entry of a scale, real, both undefined = 1: that of a sequence, [sequences of
// the range], where there is a row a sequence, and that of a token, [tokens].
LayerWeights WeightGradients(const LayerTrace& trace,
                             const SequenceRange& range,
                             const at::Tensor& sequence_scale,
                             const at::Tensor& token_scale);

// Adds to token_sums and sequence_sums, double, [tokens] and [sequences] of the
// range, the products of each one's share of the gradient with `direction`: the
// gradient of x -> W x is d x^T, and <d x^T, G> = d . G x.
void AddGradientProducts(const LayerTrace& trace, const SequenceRange& range,
                         const LayerWeights& direction, at::Tensor& token_sums,
                         at::Tensor& sequence_sums);

}  // namespace msdbench
