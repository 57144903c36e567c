// Attend and AttendBackward of encoder_ops.h.
#include <ATen/ATen.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "baselines/models/kernel_calls.h"

namespace msdbench {
namespace {

std::int64_t Asked(const Attended& input, std::int64_t length) {
  return input.first_only ? 1 : length;
}

// Where a sequence's queries and shares begin.
struct Places {
  std::vector<std::int64_t> row, asked_row, share;
};

Places PlacesOf(const Attended& input, const RowLayout& layout) {
  Places places = {layout.Offsets(), {0}, {0}};
  for (std::size_t i = 0; i + 1 < places.row.size(); ++i) {
    const std::int64_t length = places.row[i + 1] - places.row[i];
    const std::int64_t asked = Asked(input, length);
    places.asked_row.push_back(places.asked_row.back() + asked);
    places.share.push_back(places.share.back() + input.heads * asked * length);
  }
  return places;
}

// body(sequence, head, scratch) for each; sequences of one view lie side by
// side and cost alike, so threads take turns among them.
void ForEachHead(
    std::int64_t sequences, std::int64_t heads, std::size_t scratch_bytes,
    const std::function<void(std::int64_t, std::int64_t, void*)>& body) {
  const std::int64_t threads = std::min(Threads(), sequences);
  const auto work = [&](std::int64_t thread) {
    void* scratch = std::aligned_alloc(64, (scratch_bytes + 63) / 64 * 64);
    TORCH_CHECK(scratch != nullptr, "out of memory");
    for (std::int64_t i = thread; i < sequences; i += threads) {
      for (std::int64_t head = 0; head < heads; ++head) body(i, head, scratch);
    }
    std::free(scratch);
  };
  if (threads <= 1) return work(0);
  at::parallel_for(0, threads, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t thread = first; thread < last; ++thread) work(thread);
  });
}

std::int64_t Longest(const RowLayout& layout) {
  std::int64_t longest = 1;
  for (const RowLayout::Stretch& stretch : layout.stretches) {
    longest = std::max(longest, stretch.length);
  }
  return longest;
}

// Off the CPU: a stretch's queries, keys and values, [count, heads, ., width],
// biases added.
struct DeviceHeads {
  at::Tensor q, k, v, bias;
};

class DeviceStretches {
 public:
  DeviceStretches(const Attended& input, const RowLayout& layout)
      : input_(input), layout_(layout), hidden_(input.q.size(1)) {
    const c10::ScalarType type = input.q.scalar_type();
    q_ = (input.q + input.q_bias).to(type);
    kv_ = (input.kv + input.kv_bias).to(type);
  }

  // body(stretch, row, asked row, share) for each stretch.
  void ForEach(
      const std::function<void(const RowLayout::Stretch&, std::int64_t,
                               std::int64_t, std::int64_t)>& body) const {
    std::int64_t row = 0, asked_row = 0, share = 0;
    for (const RowLayout::Stretch& s : layout_.stretches) {
      body(s, row, asked_row, share);
      const std::int64_t asked = Asked(input_, s.length);
      row += s.count * s.length;
      asked_row += s.count * asked;
      share += s.count * input_.heads * asked * s.length;
    }
  }

  at::Tensor Heads(const at::Tensor& rows, std::int64_t first,
                   std::int64_t count, std::int64_t length) const {
    return rows.narrow(0, first, count * length)
        .reshape({count, length, input_.heads, hidden_ / input_.heads})
        .transpose(1, 2);
  }

  DeviceHeads Of(const RowLayout::Stretch& s, std::int64_t row,
                 std::int64_t asked_row) const {
    DeviceHeads heads;
    heads.q = Heads(q_, asked_row, s.count, Asked(input_, s.length));
    heads.k = Heads(kv_.narrow(1, 0, hidden_), row, s.count, s.length);
    heads.v = Heads(kv_.narrow(1, hidden_, hidden_), row, s.count, s.length);
    if (layout_.key_bias.defined()) {
      heads.bias = layout_.key_bias.narrow(0, row, s.count * s.length)
                       .view({s.count, 1, 1, s.length});
    }
    return heads;
  }

  // [count, heads, length, width] -> [count * length, hidden].
  at::Tensor Rows(const at::Tensor& heads) const {
    return heads.transpose(1, 2).reshape({-1, hidden_});
  }
  double Scale() const {
    return 1 / std::sqrt(static_cast<double>(hidden_ / input_.heads));
  }

 private:
  const Attended& input_;
  const RowLayout& layout_;
  std::int64_t hidden_;
  at::Tensor q_, kv_;
};

DropSite AtShare(DropSite drop, std::int64_t share) {
  drop.seed += static_cast<std::uint64_t>(share);
  return drop;
}

Context AttendOnDevice(const Attended& input, const RowLayout& layout,
                       const DropSite& drop, bool keep) {
  const DeviceStretches stretches(input, layout);
  std::vector<at::Tensor> outs, shares;
  stretches.ForEach([&](const RowLayout::Stretch& s, std::int64_t row,
                        std::int64_t asked_row, std::int64_t share) {
    const DeviceHeads heads = stretches.Of(s, row, asked_row);
    // Products in the storage type, what is between them in the real one.
    const c10::ScalarType type = heads.v.scalar_type(), real = RealType(type);
    at::Tensor scores =
        at::matmul(heads.q, heads.k.transpose(-1, -2)).to(real) *
        stretches.Scale();
    if (heads.bias.defined()) scores = scores + heads.bias;
    const at::Tensor p = at::softmax(scores, -1).contiguous();
    if (keep) shares.push_back(p.to(type).flatten());
    outs.push_back(stretches.Rows(
        at::matmul(Drop(p, AtShare(drop, share)).to(type), heads.v)));
  });
  return {at::cat(outs), keep ? at::cat(shares) : at::Tensor()};
}

void AttendBackwardOnDevice(const Attended& input, const RowLayout& layout,
                            const DropSite& drop, const at::Tensor& shares,
                            const at::Tensor& d_context, at::Tensor& d_q,
                            at::Tensor& d_kv) {
  const DeviceStretches stretches(input, layout);
  const std::int64_t hidden = input.q.size(1);
  stretches.ForEach([&](const RowLayout::Stretch& s, std::int64_t row,
                        std::int64_t asked_row, std::int64_t share) {
    const DeviceHeads heads = stretches.Of(s, row, asked_row);
    const std::int64_t asked = Asked(input, s.length);
    const at::Tensor p =
        shares.narrow(0, share, s.count * input.heads * asked * s.length)
            .view({s.count, input.heads, asked, s.length});
    const c10::ScalarType type = p.scalar_type(), real = RealType(type);
    const at::Tensor mask = drop.rate > 0
                                ? DropFactors(p.to(real), AtShare(drop, share))
                                : at::Tensor();
    const at::Tensor d = stretches.Heads(d_context, asked_row, s.count, asked);
    const auto dropped = [&](const at::Tensor& x) {
      return mask.defined() ? x * mask : x;
    };
    const at::Tensor d_p =
        dropped(at::matmul(d, heads.v.transpose(-1, -2)).to(real));
    const at::Tensor d_scores =
        (p * (d_p - (p * d_p).sum(-1, /*keepdim=*/true)) * stretches.Scale())
            .to(type);
    d_q.narrow(0, asked_row, s.count * asked)
        .copy_(stretches.Rows(at::matmul(d_scores, heads.k)));
    at::Tensor rows = d_kv.narrow(0, row, s.count * s.length);
    rows.narrow(1, 0, hidden)
        .copy_(stretches.Rows(at::matmul(d_scores.transpose(-1, -2), heads.q)));
    rows.narrow(1, hidden, hidden)
        .copy_(stretches.Rows(
            at::matmul(dropped(p).to(type).transpose(-1, -2), d)));
  });
}

// Of one head of one sequence, what forward and back have in common.
struct HeadPlace {
  std::int64_t q, kv, context, share;  // where its elements begin
};
template <class T>
HeadPlace PlaceHead(const Attended& input, const Places& places,
                    const DropSite& drop, std::int64_t sequence,
                    std::int64_t head, kernels::AttentionHead<T>& op) {
  using R = Real<T>;
  const std::int64_t hidden = input.q.size(1);
  op.length = places.row[sequence + 1] - places.row[sequence];
  op.asked = Asked(input, op.length);
  op.width = hidden / input.heads;
  op.q_stride = input.q.stride(0);
  op.kv_stride = input.kv.stride(0);
  op.context_stride = hidden;
  const std::int64_t column = head * op.width;
  const HeadPlace place = {
      places.asked_row[sequence] * op.q_stride + column,
      places.row[sequence] * op.kv_stride + column,
      places.asked_row[sequence] * hidden + column,
      places.share[sequence] + head * op.asked * op.length};
  op.q = StridedData<T>(input.q) + place.q;
  op.k = StridedData<T>(input.kv) + place.kv;
  op.v = op.k + hidden;
  op.q_bias = Data<R>(input.q_bias) + column;
  op.k_bias = Data<R>(input.kv_bias) + column;
  op.v_bias = op.k_bias + hidden;
  op.drop = Mask(drop);
  op.drop_index = static_cast<std::uint64_t>(place.share);
  return place;
}

}  // namespace

Context Attend(const Attended& input, const RowLayout& layout,
               const DropSite& drop, bool keep) {
  if (!UseKernels(input.q.device())) {
    return AttendOnDevice(input, layout, drop, keep);
  }
  const Places places = PlacesOf(input, layout);
  Context context;
  context.out = at::empty(input.q.sizes(), input.q.options());
  if (keep) {
    context.shares = at::empty({places.share.back()}, input.q.options());
  }
  WithStorage(input.q, [&](auto storage) {
    using T = decltype(storage);
    const kernels::Table<T>& table = kernels::Best<T>();
    const auto body = [&](std::int64_t i, std::int64_t head, void* scratch) {
      kernels::Attention<T> op;
      const HeadPlace place = PlaceHead<T>(input, places, drop, i, head, op);
      op.key_bias = layout.key_bias.defined()
                        ? Data<Real<T>>(layout.key_bias) + places.row[i]
                        : nullptr;
      op.shares = keep ? Data<T>(context.shares) + place.share : nullptr;
      op.context = Data<T>(context.out) + place.context;
      table.attention(op, scratch);
    };
    ForEachHead(
        layout.Sequences(), input.heads,
        table.attention_scratch(Longest(layout), input.q.size(1) / input.heads),
        body);
  });
  return context;
}

void AttendBackward(const Attended& input, const RowLayout& layout,
                    const DropSite& drop, const at::Tensor& shares,
                    const at::Tensor& d_context, at::Tensor& d_q,
                    at::Tensor& d_kv) {
  if (!UseKernels(input.q.device())) {
    return AttendBackwardOnDevice(input, layout, drop, shares, d_context, d_q,
                                  d_kv);
  }
  TORCH_CHECK(d_q.strides() == input.q.strides() &&
                  d_kv.strides() == input.kv.strides(),
              "gradients lie otherwise than what they belong to");
  const Places places = PlacesOf(input, layout);
  const std::int64_t hidden = input.q.size(1);
  WithStorage(input.q, [&](auto storage) {
    using T = decltype(storage);
    const kernels::Table<T>& table = kernels::Best<T>();
    const auto body = [&](std::int64_t i, std::int64_t head, void* scratch) {
      kernels::AttentionBackward<T> op;
      const HeadPlace place = PlaceHead<T>(input, places, drop, i, head, op);
      op.shares = Data<T>(shares) + place.share;
      op.d_context = Data<T>(d_context) + place.context;
      op.d_q = StridedData<T>(d_q) + place.q;
      op.d_k = StridedData<T>(d_kv) + place.kv;
      op.d_v = op.d_k + hidden;
      table.attention_backward(op, scratch);
    };
    ForEachHead(layout.Sequences(), input.heads,
                table.attention_scratch(Longest(layout), hidden / input.heads),
                body);
  });
}

}  // namespace msdbench
