#include "baselines/models/encoder_layer.h"

#include <ATen/ATen.h>

#include <utility>

namespace msdbench {
namespace {

// Each place of a layer that drops elements has a seed of its own.
enum class Site : std::uint64_t { kShares = 1, kMix, kDown };

DropSite At(const LayerOptions& options, Site site) {
  return {options.dropout, options.dropout_seed * 0x9E3779B97F4A7C15ULL +
                               (static_cast<std::uint64_t>(site) << 56)};
}

at::Tensor FirstRows(const RowLayout& layout, const at::Tensor& like) {
  std::vector<std::int64_t> offsets = layout.Offsets();
  offsets.pop_back();
  return at::tensor(offsets, at::kLong)
      .to(like.device(), /*non_blocking=*/true);
}

Attended AttendedOf(const LayerWeights& weights, const LayerOptions& options,
                    const LayerTrace& trace) {
  const std::int64_t hidden = trace.x.size(1);
  return {trace.q,
          trace.kv,
          weights.qkv_bias.narrow(0, 0, hidden),
          weights.qkv_bias.narrow(0, hidden, 2 * hidden),
          options.heads,
          options.first_only};
}

}  // namespace

std::array<at::Tensor*, 12> LayerWeights::All() {
  return {&qkv, &qkv_bias, &mix,  &mix_bias,  &mix_gamma, &mix_beta,
          &up,  &up_bias,  &down, &down_bias, &gamma,     &beta};
}

at::Tensor RunLayer(const LayerWeights& weights, const LayerOptions& options,
                    const RowLayout& layout, const at::Tensor& rows,
                    LayerTrace* kept) {
  LayerTrace passing;
  LayerTrace& trace = kept != nullptr ? *kept : passing;
  const bool keep = kept != nullptr;
  const std::int64_t hidden = rows.size(1);
  trace.x = rows;
  if (options.first_only) {
    trace.asked = rows.index_select(0, FirstRows(layout, rows));
    trace.q = MultiplyRows(trace.asked, weights.qkv.narrow(0, 0, hidden));
    trace.kv = MultiplyRows(rows, weights.qkv.narrow(0, hidden, 2 * hidden));
  } else {
    trace.asked = rows;
    const at::Tensor qkv = MultiplyRows(rows, weights.qkv);
    trace.q = qkv.narrow(1, 0, hidden);
    trace.kv = qkv.narrow(1, hidden, 2 * hidden);
  }
  Context context = Attend(AttendedOf(weights, options, trace), layout,
                           At(options, Site::kShares), keep);
  trace.context = context.out;
  trace.shares = context.shares;
  trace.mixed =
      ResidualNorm(MultiplyRows(trace.context, weights.mix), weights.mix_bias,
                   trace.asked, weights.mix_gamma, weights.mix_beta,
                   options.epsilon, At(options, Site::kMix), keep);
  trace.active = GeluRows(MultiplyRows(trace.mixed.out, weights.up),
                          weights.up_bias, keep);
  trace.normed = ResidualNorm(MultiplyRows(trace.active.out, weights.down),
                              weights.down_bias, trace.mixed.out, weights.gamma,
                              weights.beta, options.epsilon,
                              At(options, Site::kDown), keep);
  // Not kept: autograd's node holds the trace and would so hold itself.
  return std::exchange(trace.normed.out, {});
}

at::Tensor RunLayerBack(const LayerWeights& weights,
                        const LayerOptions& options, const RowLayout& layout,
                        const at::Tensor& d_out, LayerTrace& trace) {
  const std::int64_t hidden = trace.x.size(1);
  trace.d_normed = d_out;
  const NormGradient down = ResidualNormBackward(
      d_out, trace.normed, weights.gamma, At(options, Site::kDown));
  trace.d_down = down.x;
  trace.d_up = MultiplyBack(trace.d_down, weights.down);
  MultiplyInPlace(trace.d_up, trace.active.slope);
  trace.d_mixed = MultiplyBack(trace.d_up, weights.up, down.sum);
  const NormGradient mix = ResidualNormBackward(
      trace.d_mixed, trace.mixed, weights.mix_gamma, At(options, Site::kMix));
  trace.d_mix = mix.x;
  const at::Tensor d_context = MultiplyBack(trace.d_mix, weights.mix);
  if (options.first_only) {
    trace.d_q = at::empty_like(trace.q);
    trace.d_kv = at::empty_like(trace.kv);
  } else {
    trace.d_qkv = at::empty({trace.x.size(0), 3 * hidden}, trace.x.options());
    trace.d_q = trace.d_qkv.narrow(1, 0, hidden);
    trace.d_kv = trace.d_qkv.narrow(1, hidden, 2 * hidden);
  }
  AttendBackward(AttendedOf(weights, options, trace), layout,
                 At(options, Site::kShares), trace.shares, d_context, trace.d_q,
                 trace.d_kv);
  if (!options.first_only) {
    return MultiplyBack(trace.d_qkv, weights.qkv, mix.sum);
  }
  at::Tensor d_rows =
      MultiplyBack(trace.d_kv, weights.qkv.narrow(0, hidden, 2 * hidden));
  d_rows.index_add_(
      0, FirstRows(layout, d_rows),
      MultiplyBack(trace.d_q, weights.qkv.narrow(0, 0, hidden), mix.sum));
  return d_rows;
}

namespace {

// The part of a matrix that belongs to a range of sequences, whichever its rows
// are, tokens or sequences.
class RangeOf {
 public:
  RangeOf(const LayerTrace& trace, const SequenceRange& range)
      : range_(range), tokens_(trace.x.size(0)) {}

  bool ByToken(const at::Tensor& rows) const {
    // Where every sequence is one token long, both are the same.
    return rows.size(0) == tokens_;
  }
  at::Tensor operator()(const at::Tensor& rows) const {
    return ByToken(rows)
               ? rows.narrow(0, range_.first_row,
                             range_.last_row - range_.first_row)
               : rows.narrow(0, range_.first, range_.last - range_.first);
  }

 private:
  const SequenceRange& range_;
  std::int64_t tokens_;
};

}  // namespace

LayerWeights WeightGradients(const LayerTrace& trace,
                             const SequenceRange& range,
                             const at::Tensor& sequence_scale,
                             const at::Tensor& token_scale) {
  const RangeOf part(trace, range);
  const auto scale_of = [&](const at::Tensor& rows) {
    return part.ByToken(rows) ? token_scale : sequence_scale;
  };
  const auto linear = [&](const at::Tensor& d, const at::Tensor& x,
                          at::Tensor& weight, at::Tensor& bias) {
    at::Tensor d_part = part(d);
    if (token_scale.defined()) d_part = ScaleRows(d_part, scale_of(d));
    weight = OuterSum(d_part, part(x));
    bias = ColumnSums(d_part, {}, {});
  };
  const auto norm = [&](const at::Tensor& d, const at::Tensor& hat,
                        at::Tensor& gamma, at::Tensor& beta) {
    gamma = ColumnSums(part(d), part(hat), scale_of(d));
    beta = ColumnSums(part(d), {}, scale_of(d));
  };
  LayerWeights gradients;
  if (trace.d_qkv.defined()) {
    linear(trace.d_qkv, trace.x, gradients.qkv, gradients.qkv_bias);
  } else {
    at::Tensor q, q_bias, kv, kv_bias;
    linear(trace.d_q, trace.asked, q, q_bias);
    linear(trace.d_kv, trace.x, kv, kv_bias);
    gradients.qkv = at::cat({q, kv});
    gradients.qkv_bias = at::cat({q_bias, kv_bias});
  }
  linear(trace.d_mix, trace.context, gradients.mix, gradients.mix_bias);
  norm(trace.d_mixed, trace.mixed.hat, gradients.mix_gamma, gradients.mix_beta);
  linear(trace.d_up, trace.mixed.out, gradients.up, gradients.up_bias);
  linear(trace.d_down, trace.active.out, gradients.down, gradients.down_bias);
  norm(trace.d_normed, trace.normed.hat, gradients.gamma, gradients.beta);
  return gradients;
}

void AddGradientProducts(const LayerTrace& trace, const SequenceRange& range,
                         const LayerWeights& direction, at::Tensor& token_sums,
                         at::Tensor& sequence_sums) {
  const RangeOf part(trace, range);
  const auto sums_of = [&](const at::Tensor& rows) -> at::Tensor& {
    return part.ByToken(rows) ? token_sums : sequence_sums;
  };
  const auto linear = [&](const at::Tensor& d, const at::Tensor& x,
                          const at::Tensor& weight, const at::Tensor& bias) {
    AddRowProducts(part(d), MultiplyRows(part(x), weight), {}, bias,
                   sums_of(d));
  };
  const auto norm = [&](const at::Tensor& d, const at::Tensor& hat,
                        const at::Tensor& gamma, const at::Tensor& beta) {
    AddRowProducts(part(d), part(hat), gamma, beta, sums_of(d));
  };
  const std::int64_t hidden = trace.x.size(1);
  if (trace.d_qkv.defined()) {
    linear(trace.d_qkv, trace.x, direction.qkv, direction.qkv_bias);
  } else {
    linear(trace.d_q, trace.asked, direction.qkv.narrow(0, 0, hidden),
           direction.qkv_bias.narrow(0, 0, hidden));
    linear(trace.d_kv, trace.x, direction.qkv.narrow(0, hidden, 2 * hidden),
           direction.qkv_bias.narrow(0, hidden, 2 * hidden));
  }
  linear(trace.d_mix, trace.context, direction.mix, direction.mix_bias);
  norm(trace.d_mixed, trace.mixed.hat, direction.mix_gamma, direction.mix_beta);
  linear(trace.d_up, trace.mixed.out, direction.up, direction.up_bias);
  linear(trace.d_down, trace.active.out, direction.down, direction.down_bias);
  norm(trace.d_normed, trace.normed.hat, direction.gamma, direction.beta);
}

}  // namespace msdbench
