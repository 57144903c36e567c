#include "baselines/models/encoder_ops.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>

#include "baselines/kernels/kernels.h"

namespace msdbench {
namespace {

using kernels::Real;

// Calls body(T{}) with the storage type of a CPU matrix.
template <class Body>
void WithStorage(const at::Tensor& matrix, const Body& body) {
  switch (matrix.scalar_type()) {
    case at::kFloat:
      return body(float{});
    case at::kDouble:
      return body(double{});
    case at::kBFloat16:
      return body(kernels::Bf16{});
    default:
      TORCH_CHECK(false, "the encoder has no ", matrix.scalar_type());
  }
}

template <class T>
T* Data(const at::Tensor& tensor) {
  return tensor.defined() ? static_cast<T*>(tensor.data_ptr()) : nullptr;
}

std::int64_t Threads() {
  return at::in_parallel_region() ? 1 : at::get_num_threads();
}

// body(begin, end) on equal shares of [0, count), one a thread.
void Share(std::int64_t count, std::int64_t smallest,
           const std::function<void(std::int64_t, std::int64_t)>& body) {
  const std::int64_t shares =
      std::clamp<std::int64_t>(count / smallest, 1, Threads());
  if (shares == 1) return body(0, count);
  at::parallel_for(0, shares, 1, [&](std::int64_t first, std::int64_t last) {
    at::NoGradGuard no_grad;
    for (std::int64_t i = first; i < last; ++i) {
      body(count * i / shares, count * (i + 1) / shares);
    }
  });
}

// How many rows are worth a thread of their own, at so much work a row.
std::int64_t FewRows(std::int64_t work) {
  return 16384 / std::clamp<std::int64_t>(work, 1, 16384);
}

kernels::DropMask Mask(const DropSite& drop) { return {drop.seed, drop.rate}; }

}  // namespace

namespace {
std::atomic<int> plain_operations{0};
}  // namespace

bool UseKernels(c10::Device device) {
  return device.is_cpu() && plain_operations == 0;
}
PlainOperations::PlainOperations() { ++plain_operations; }
PlainOperations::~PlainOperations() { --plain_operations; }

at::Tensor DropFactors(const at::Tensor& like, const DropSite& drop) {
  at::NoGradGuard no_grad;
  if (!UseKernels(like.device())) {
    at::Generator generator =
        like.is_cpu()
            ? at::detail::createCPUGenerator(drop.seed)
            : at::globalContext().defaultGenerator(like.device()).clone();
    generator.set_current_seed(drop.seed);
    return at::empty_like(like)
        .bernoulli_(1 - drop.rate, generator)
        .div_(1 - drop.rate);
  }
  at::Tensor factors = at::ones(like.sizes(), like.options());
  WithStorage(like, [&](auto storage) {
    using T = decltype(storage);
    kernels::Best<T>().drop(Mask(drop), Data<T>(factors), factors.numel());
  });
  return factors;
}

c10::ScalarType RealType(c10::ScalarType matrix) {
  return matrix == at::kDouble ? at::kDouble : at::kFloat;
}

at::Tensor MultiplyRows(const at::Tensor& x, const at::Tensor& weight) {
  if (!UseKernels(x.device())) return at::mm(x, weight.t());
  at::Tensor out = at::empty({x.size(0), weight.size(0)}, x.options());
  Share(x.size(0), FewRows(weight.numel() / 64),
        [&](std::int64_t begin, std::int64_t end) {
          at::Tensor part = out.narrow(0, begin, end - begin);
          at::mm_out(part, x.narrow(0, begin, end - begin), weight.t());
        });
  return out;
}

at::Tensor MultiplyBack(const at::Tensor& d, const at::Tensor& weight,
                        const at::Tensor& plus) {
  if (!UseKernels(d.device())) {
    return plus.defined() ? at::addmm(plus, d, weight) : at::mm(d, weight);
  }
  at::Tensor out = at::empty({d.size(0), weight.size(1)}, d.options());
  Share(d.size(0), FewRows(weight.numel() / 64),
        [&](std::int64_t begin, std::int64_t end) {
          const std::int64_t count = end - begin;
          at::Tensor part = out.narrow(0, begin, count);
          const at::Tensor from = d.narrow(0, begin, count);
          if (plus.defined()) {
            at::addmm_out(part, plus.narrow(0, begin, count), from, weight);
          } else {
            at::mm_out(part, from, weight);
          }
        });
  return out;
}

at::Tensor OuterSum(const at::Tensor& d, const at::Tensor& x) {
  const c10::ScalarType real = RealType(d.scalar_type());
  if (!UseKernels(d.device())) return at::mm(d.t(), x).to(real);
  at::Tensor out = at::empty({d.size(1), x.size(1)}, d.options());
  // By columns of d: each thread's part of the result is its own.
  Share(d.size(1), std::max<std::int64_t>(16, FewRows(x.numel() / 64)),
        [&](std::int64_t begin, std::int64_t end) {
          at::Tensor part = out.narrow(0, begin, end - begin);
          at::mm_out(part, d.narrow(1, begin, end - begin).t(), x);
        });
  return out.to(real);
}

namespace {

at::Tensor DropOnDevice(const at::Tensor& x, const DropSite& drop) {
  return drop.rate > 0 ? x * DropFactors(x, drop) : x;
}

}  // namespace

Normed ResidualNorm(const at::Tensor& x, const at::Tensor& bias,
                    const at::Tensor& residual, const at::Tensor& gamma,
                    const at::Tensor& beta, double epsilon,
                    const DropSite& drop, bool keep) {
  Normed result;
  if (!UseKernels(x.device())) {
    at::Tensor sum = bias.defined() ? x + bias.to(x.scalar_type()) : x;
    sum = DropOnDevice(sum, drop);
    if (residual.defined()) sum = sum + residual;
    const auto [hat, mean, rstd] = at::native_layer_norm(
        sum, {sum.size(1)}, /*weight=*/{}, /*bias=*/{}, epsilon);
    result.out = (hat * gamma + beta).to(x.scalar_type());
    if (keep) {
      result.hat = hat;
      result.rstd = rstd;
    }
    return result;
  }
  TORCH_CHECK(x.size(1) <= kernels::kWidestRow, "rows wider than ",
              kernels::kWidestRow);
  result.out = at::empty_like(x);
  if (keep) {
    result.hat = at::empty_like(x);
    result.rstd = at::empty({x.size(0)}, gamma.options().requires_grad(false));
  }
  WithStorage(x, [&](auto storage) {
    using T = decltype(storage);
    using R = Real<T>;
    kernels::ResidualNorm<T> op;
    op.width = x.size(1);
    op.epsilon = static_cast<R>(epsilon);
    op.bias = Data<R>(bias);
    op.gamma = Data<R>(gamma);
    op.beta = Data<R>(beta);
    op.drop = Mask(drop);
    op.x = Data<T>(x);
    op.residual = Data<T>(residual);
    op.normed = Data<T>(result.out);
    op.hat = Data<T>(result.hat);
    op.rstd = Data<R>(result.rstd);
    Share(x.size(0), FewRows(op.width),
          [&](std::int64_t begin, std::int64_t end) {
            kernels::Best<T>().residual_norm(op, begin, end);
          });
  });
  return result;
}

NormGradient ResidualNormBackward(const at::Tensor& d, const Normed& normed,
                                  const at::Tensor& gamma,
                                  const DropSite& drop) {
  NormGradient result;
  if (!UseKernels(d.device())) {
    const at::Tensor g = d * gamma;
    const at::Tensor along = (g * normed.hat).mean(1, /*keepdim=*/true);
    result.sum =
        ((g - g.mean(1, true) - normed.hat * along) * normed.rstd.view({-1, 1}))
            .to(d.scalar_type());
    result.x = DropOnDevice(result.sum, drop);
    return result;
  }
  result.sum = at::empty_like(d);
  const bool drops = drop.rate > 0;
  result.x = drops ? at::empty_like(d) : result.sum;
  WithStorage(d, [&](auto storage) {
    using T = decltype(storage);
    using R = Real<T>;
    kernels::ResidualNormBackward<T> op;
    op.width = d.size(1);
    op.gamma = Data<R>(gamma);
    op.drop = Mask(drop);
    op.d_normed = Data<T>(d);
    op.hat = Data<T>(normed.hat);
    op.rstd = Data<R>(normed.rstd);
    op.d_sum = Data<T>(result.sum);
    op.d_x = drops ? Data<T>(result.x) : nullptr;
    Share(d.size(0), FewRows(op.width),
          [&](std::int64_t begin, std::int64_t end) {
            kernels::Best<T>().residual_norm_backward(op, begin, end);
          });
  });
  return result;
}

Activated GeluRows(const at::Tensor& x, const at::Tensor& bias, bool keep) {
  Activated result;
  if (!UseKernels(x.device())) {
    const at::Tensor sum = x + bias.to(x.scalar_type());
    result.out = at::gelu(sum);
    if (keep) result.slope = at::gelu_backward(at::ones_like(sum), sum);
    return result;
  }
  result.out = at::empty_like(x);
  if (keep) result.slope = at::empty_like(x);
  WithStorage(x, [&](auto storage) {
    using T = decltype(storage);
    const kernels::Gelu<T> op = {x.size(1), Data<T>(x), Data<Real<T>>(bias),
                                 Data<T>(result.out), Data<T>(result.slope)};
    Share(x.size(0), FewRows(op.width * 4),
          [&](std::int64_t begin, std::int64_t end) {
            kernels::Best<T>().gelu(op, begin, end);
          });
  });
  return result;
}

void MultiplyInPlace(at::Tensor& a, const at::Tensor& b) {
  if (!UseKernels(a.device())) {
    a.mul_(b);
    return;
  }
  WithStorage(a, [&](auto storage) {
    using T = decltype(storage);
    Share(a.numel(), 16384, [&](std::int64_t begin, std::int64_t end) {
      kernels::Best<T>().multiply(Data<T>(a), Data<T>(b), Data<T>(a), begin,
                                  end);
    });
  });
}

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
    q_ = input.q + input.q_bias.to(input.q.scalar_type());
    kv_ = input.kv + input.kv_bias.to(input.kv.scalar_type());
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
    at::Tensor scores =
        at::matmul(heads.q * stretches.Scale(), heads.k.transpose(-1, -2));
    if (heads.bias.defined()) scores = scores + heads.bias;
    const at::Tensor p =
        at::softmax(scores, -1).to(heads.v.scalar_type()).contiguous();
    if (keep) shares.push_back(p.flatten());
    outs.push_back(stretches.Rows(
        at::matmul(DropOnDevice(p, AtShare(drop, share)), heads.v)));
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
    const at::Tensor mask =
        drop.rate > 0 ? DropFactors(p, AtShare(drop, share)) : at::Tensor();
    const at::Tensor d = stretches.Heads(d_context, asked_row, s.count, asked);
    const auto dropped = [&](const at::Tensor& x) {
      return mask.defined() ? x * mask : x;
    };
    const at::Tensor d_p = dropped(at::matmul(d, heads.v.transpose(-1, -2)));
    const at::Tensor d_scores =
        p * (d_p - (p * d_p).sum(-1, /*keepdim=*/true)) * stretches.Scale();
    d_q.narrow(0, asked_row, s.count * asked)
        .copy_(stretches.Rows(at::matmul(d_scores, heads.k)));
    at::Tensor rows = d_kv.narrow(0, row, s.count * s.length);
    rows.narrow(1, 0, hidden)
        .copy_(stretches.Rows(at::matmul(d_scores.transpose(-1, -2), heads.q)));
    rows.narrow(1, hidden, hidden)
        .copy_(stretches.Rows(at::matmul(dropped(p).transpose(-1, -2), d)));
  });
}

}  // namespace

Context Attend(const Attended& input, const RowLayout& layout,
               const DropSite& drop, bool keep) {
  if (!UseKernels(input.q.device()))
    return AttendOnDevice(input, layout, drop, keep);
  const Places places = PlacesOf(input, layout);
  const std::int64_t hidden = input.q.size(1), width = hidden / input.heads;
  Context context;
  context.out = at::empty(input.q.sizes(), input.q.options());
  if (keep) {
    context.shares = at::empty({places.share.back()}, input.q.options());
  }
  WithStorage(input.q, [&](auto storage) {
    using T = decltype(storage);
    using R = Real<T>;
    const kernels::Table<T>& table = kernels::Best<T>();
    const auto body = [&](std::int64_t i, std::int64_t head, void* scratch) {
      kernels::Attention<T> op;
      op.length = places.row[i + 1] - places.row[i];
      op.asked = Asked(input, op.length);
      op.width = width;
      op.q_stride = input.q.stride(0);
      op.kv_stride = input.kv.stride(0);
      op.context_stride = hidden;
      const std::int64_t column = head * width;
      op.q = Data<T>(input.q) + places.asked_row[i] * op.q_stride + column;
      op.k = Data<T>(input.kv) + places.row[i] * op.kv_stride + column;
      op.v = op.k + hidden;
      op.q_bias = Data<R>(input.q_bias) + column;
      op.k_bias = Data<R>(input.kv_bias) + column;
      op.v_bias = op.k_bias + hidden;
      op.key_bias = layout.key_bias.defined()
                        ? Data<R>(layout.key_bias) + places.row[i]
                        : nullptr;
      op.drop = Mask(drop);
      const std::int64_t share = places.share[i] + head * op.asked * op.length;
      op.drop_index = static_cast<std::uint64_t>(share);
      op.shares = keep ? Data<T>(context.shares) + share : nullptr;
      op.context = Data<T>(context.out) + places.asked_row[i] * hidden + column;
      table.attention(op, scratch);
    };
    ForEachHead(layout.Sequences(), input.heads,
                table.attention_scratch(Longest(layout), width), body);
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
  const std::int64_t hidden = input.q.size(1), width = hidden / input.heads;
  WithStorage(input.q, [&](auto storage) {
    using T = decltype(storage);
    using R = Real<T>;
    const kernels::Table<T>& table = kernels::Best<T>();
    const auto body = [&](std::int64_t i, std::int64_t head, void* scratch) {
      kernels::AttentionBackward<T> op;
      op.length = places.row[i + 1] - places.row[i];
      op.asked = Asked(input, op.length);
      op.width = width;
      op.q_stride = input.q.stride(0);
      op.kv_stride = input.kv.stride(0);
      op.context_stride = hidden;
      const std::int64_t column = head * width;
      const std::int64_t q = places.asked_row[i] * op.q_stride + column;
      const std::int64_t kv = places.row[i] * op.kv_stride + column;
      op.q = Data<T>(input.q) + q;
      op.k = Data<T>(input.kv) + kv;
      op.v = op.k + hidden;
      op.q_bias = Data<R>(input.q_bias) + column;
      op.k_bias = Data<R>(input.kv_bias) + column;
      op.v_bias = op.k_bias + hidden;
      op.drop = Mask(drop);
      const std::int64_t share = places.share[i] + head * op.asked * op.length;
      op.drop_index = static_cast<std::uint64_t>(share);
      op.shares = Data<T>(shares) + share;
      op.d_context = Data<T>(d_context) + places.asked_row[i] * hidden + column;
      op.d_q = Data<T>(d_q) + q;
      op.d_k = Data<T>(d_kv) + kv;
      op.d_v = op.d_k + hidden;
      table.attention_backward(op, scratch);
    };
    ForEachHead(layout.Sequences(), input.heads,
                table.attention_scratch(Longest(layout), width), body);
  });
}

at::Tensor ColumnSums(const at::Tensor& a, const at::Tensor& b,
                      const at::Tensor& scale) {
  const c10::ScalarType real = RealType(a.scalar_type());
  if (!UseKernels(a.device())) {
    at::Tensor x = a.to(real);
    if (b.defined()) x = x * b;
    if (scale.defined()) x = x * scale.view({-1, 1});
    return x.sum(0);
  }
  at::Tensor sums = at::empty({a.size(1)}, a.options().dtype(real));
  WithStorage(a, [&](auto storage) {
    using T = decltype(storage);
    using R = Real<T>;
    Share(a.size(1), std::max<std::int64_t>(64, 65536 / (a.size(0) + 1)),
          [&](std::int64_t begin, std::int64_t end) {
            kernels::Best<T>().column_sums(Data<T>(a), Data<T>(b),
                                           Data<R>(scale), a.size(0), a.size(1),
                                           Data<R>(sums), begin, end);
          });
  });
  return sums;
}

at::Tensor ScaleRows(const at::Tensor& a, const at::Tensor& scale) {
  if (!UseKernels(a.device()))
    return (a * scale.view({-1, 1})).to(a.scalar_type());
  at::Tensor out = at::empty_like(a);
  WithStorage(a, [&](auto storage) {
    using T = decltype(storage);
    Share(a.size(0), FewRows(a.size(1)),
          [&](std::int64_t begin, std::int64_t end) {
            kernels::Best<T>().scale_rows(Data<T>(a), Data<Real<T>>(scale),
                                          a.size(1), Data<T>(out), begin, end);
          });
  });
  return out;
}

void AddRowProducts(const at::Tensor& a, const at::Tensor& b,
                    const at::Tensor& b_scale, const at::Tensor& bias,
                    at::Tensor& sums) {
  if (!UseKernels(a.device())) {
    const at::Tensor right = (b_scale.defined() ? b * b_scale : b) + bias;
    sums.add_((a * right).to(at::kDouble).sum(1));
    return;
  }
  WithStorage(a, [&](auto storage) {
    using T = decltype(storage);
    using R = Real<T>;
    Share(a.size(0), FewRows(a.size(1)),
          [&](std::int64_t begin, std::int64_t end) {
            kernels::Best<T>().add_row_products(
                Data<T>(a), Data<T>(b), Data<R>(b_scale), Data<R>(bias),
                a.size(1), Data<double>(sums), begin, end);
          });
  });
}

}  // namespace msdbench
