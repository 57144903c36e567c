#include "baselines/models/encoder_ops.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <atomic>

#include "baselines/models/kernel_calls.h"

namespace msdbench {
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
    // Generators may look at 32 bits only.
    const std::uint64_t seed = drop.seed ^ (drop.seed >> 32);
    at::Generator generator =
        like.is_cpu()
            ? at::detail::createCPUGenerator(seed)
            : at::globalContext().defaultGenerator(like.device()).clone();
    generator.set_current_seed(seed);
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

at::Tensor Drop(const at::Tensor& x, const DropSite& drop) {
  return drop.rate > 0 ? x * DropFactors(x, drop) : x;
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

Normed ResidualNorm(const at::Tensor& x, const at::Tensor& bias,
                    const at::Tensor& residual, const at::Tensor& gamma,
                    const at::Tensor& beta, double epsilon,
                    const DropSite& drop, bool keep) {
  Normed result;
  if (!UseKernels(x.device())) {
    // As the kernels: rounded to the storage type when stored, not before.
    at::Tensor sum = x.to(gamma.scalar_type());
    if (bias.defined()) sum = sum + bias;
    sum = Drop(sum, drop);
    if (residual.defined()) sum = sum + residual;
    const auto [hat, mean, rstd] = at::native_layer_norm(
        sum, {sum.size(1)}, /*weight=*/{}, /*bias=*/{}, epsilon);
    result.out = (hat * gamma + beta).to(x.scalar_type());
    if (keep) {
      result.hat = hat.to(x.scalar_type());
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
    const at::Tensor g = d * gamma;  // real, as all below
    const at::Tensor along = (g * normed.hat).mean(1, /*keepdim=*/true);
    const at::Tensor sum =
        (g - g.mean(1, true) - normed.hat * along) * normed.rstd.view({-1, 1});
    result.sum = sum.to(d.scalar_type());
    result.x = Drop(sum, drop).to(d.scalar_type());
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
    const at::Tensor sum = x + bias;  // real
    result.out = at::gelu(sum).to(x.scalar_type());
    if (keep) {
      result.slope =
          at::gelu_backward(at::ones_like(sum), sum).to(x.scalar_type());
    }
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
