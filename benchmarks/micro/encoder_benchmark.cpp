// The encoder's kernels beside the same from LibTorch's operations, at the
// shapes of a small student's step: 32 examples of 54 tokens, 312 wide.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <benchmark/benchmark.h>

#include <optional>

#include "baselines/models/encoder_ops.h"
#include "baselines/optimizers/adamw.h"

namespace msdbench {
namespace {

constexpr std::int64_t kRows = 32 * 54, kWidth = 312, kWithin = 1200;

// The last argument of each benchmark: 0 = our kernels, 1 = LibTorch's.
class Operations {
 public:
  explicit Operations(const benchmark::State& state) {
    at::set_num_threads(1);
    if (state.range(0) == 1) plain_.emplace();
  }

 private:
  at::NoGradGuard no_grad_;
  std::optional<PlainOperations> plain_;
};

RowLayout Layout() {
  RowLayout layout;
  layout.stretches = {{32, 54}};
  return layout;
}

void BothWays(benchmark::internal::Benchmark* one) {
  one->ArgName("libtorch")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
}

void AttentionThereAndBack(benchmark::State& state) {
  const Operations operations(state);
  const at::Tensor qkv = at::randn({kRows, 3 * kWidth});
  const at::Tensor bias = at::zeros({3 * kWidth});
  const Attended input = {qkv.narrow(1, 0, kWidth),
                          qkv.narrow(1, kWidth, 2 * kWidth),
                          bias.narrow(0, 0, kWidth),
                          bias.narrow(0, kWidth, 2 * kWidth),
                          /*heads=*/12,
                          /*first_only=*/false};
  const at::Tensor d = at::randn({kRows, kWidth});
  at::Tensor d_qkv = at::empty_like(qkv);
  at::Tensor d_q = d_qkv.narrow(1, 0, kWidth);
  at::Tensor d_kv = d_qkv.narrow(1, kWidth, 2 * kWidth);
  const RowLayout layout = Layout();
  for (auto _ : state) {
    const Context context = Attend(input, layout, {}, /*keep=*/true);
    AttendBackward(input, layout, {}, context.shares, d, d_q, d_kv);
  }
}
BENCHMARK(AttentionThereAndBack)->Apply(BothWays);

void NormThereAndBack(benchmark::State& state) {
  const Operations operations(state);
  const at::Tensor x = at::randn({kRows, kWidth}), bias = at::randn({kWidth});
  const at::Tensor gamma = at::randn({kWidth}), beta = at::randn({kWidth});
  for (auto _ : state) {
    const Normed normed =
        ResidualNorm(x, bias, x, gamma, beta, 1e-12, {}, /*keep=*/true);
    benchmark::DoNotOptimize(ResidualNormBackward(x, normed, gamma, {}));
  }
}
BENCHMARK(NormThereAndBack)->Apply(BothWays);

void GeluThereAndBack(benchmark::State& state) {
  const Operations operations(state);
  const at::Tensor x = at::randn({kRows, kWithin});
  const at::Tensor bias = at::randn({kWithin});
  at::Tensor d = at::randn({kRows, kWithin});
  for (auto _ : state) {
    const Activated active = GeluRows(x, bias, /*keep=*/true);
    MultiplyInPlace(d, active.slope);
  }
}
BENCHMARK(GeluThereAndBack)->Apply(BothWays);

void AdamWStep(benchmark::State& state) {
  at::set_num_threads(1);
  at::NoGradGuard no_grad;
  at::Tensor parameter = at::randn({1000, 5000}).set_requires_grad(true);
  parameter.mutable_grad() = at::randn({1000, 5000});
  AdamWOptions options;
  options.clip_norm = 1;
  AdamW optimizer({parameter}, options);
  for (auto _ : state) optimizer.Step(1e-5);
  // Parameter, gradient and two moments read, three of them written.
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          parameter.numel() * 7 * 4);
}
BENCHMARK(AdamWStep)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace msdbench
