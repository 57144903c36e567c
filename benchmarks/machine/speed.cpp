#include "benchmarks/machine/speed.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

#include "baselines/models/encoder_ops.h"

namespace msdbench {
namespace {

constexpr int kSize = 1024;
constexpr int kProbeSize = 256;
constexpr double kLongestCall = 0.7;  // seconds
constexpr double kEnough = 0.4;       // seconds spent on one figure

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

// The shortest of several calls: others' load only ever makes a call longer.
// Stops after `enough` seconds, but not before three calls unless they are
// long.
double BestSeconds(double enough, const std::function<void()>& work) {
  work();  // sets up thread pools
  double best = Seconds(work);
  double spent = best;
  for (int i = 1; i < 200; ++i) {
    if (spent > enough && (i >= 3 || spent > 3 * enough)) break;
    const double seconds = Seconds(work);
    best = std::min(best, seconds);
    spent += seconds;
  }
  return best;
}

double Cube(double n) { return n * n * n; }

// GFLOP/s of a product of two n x n matrices.
double ProductSpeed(const std::function<void(int n)>& product) {
  const auto speed = [&](int n, double seconds) {
    return 2 * Cube(n) / seconds * 1e-9;
  };
  const double probe = BestSeconds(0.1, [&] { product(kProbeSize); });
  if (probe * Cube(kSize / kProbeSize) > kLongestCall) {
    return speed(kProbeSize, probe);
  }
  return speed(kSize, BestSeconds(kEnough, [&] { product(kSize); }));
}

// rows x columns of small whole numbers: exact in bfloat16, no random numbers.
at::Tensor WholeNumbers(int rows, int columns, int modulus) {
  return at::arange(rows * columns, at::kFloat)
      .remainder(modulus)
      .sub(modulus / 2)
      .reshape({rows, columns});
}

// Products of whole numbers this small are exact in fp32 in any order of
// summation, so plain loops give the one right answer.
double ProductError(int n) {
  const at::Tensor a = WholeNumbers(n, n, 7), b = WholeNumbers(n, n, 5);
  const at::Tensor c = at::mm(a, b).contiguous();
  const float* pa = a.data_ptr<float>();
  const float* pb = b.data_ptr<float>();
  const float* pc = c.data_ptr<float>();
  double worst = 0, largest = 1;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      double right = 0;
      for (int k = 0; k < n; ++k) right += pa[i * n + k] * pb[k * n + j];
      const double error = std::abs(pc[i * n + j] - right);
      if (std::isnan(error)) return error;
      worst = std::max(worst, error);
      largest = std::max(largest, std::abs(right));
    }
  }
  return worst / largest;
}

// The small student on a batch: TinyBERT's width over texts with regions.
constexpr int kExamples = 32, kTokens = 54, kWidth = 312, kWithin = 1200;
constexpr int kHeads = 12;

double LayerSpeed(c10::ScalarType type) {
  at::NoGradGuard no_grad;
  double operations = 0;
  std::vector<std::pair<at::Tensor, at::Tensor>> products;
  for (auto [in, out] : {std::pair{kWidth, 3 * kWidth},
                         {kWidth, kWidth},
                         {kWidth, kWithin},
                         {kWithin, kWidth}}) {
    products.emplace_back(WholeNumbers(kExamples * kTokens, in, 7).to(type),
                          WholeNumbers(out, in, 5).to(type));
    operations += 2.0 * kExamples * kTokens * in * out;
  }
  return operations * 1e-9 / BestSeconds(kEnough, [&] {
           for (const auto& [x, weight] : products) MultiplyRows(x, weight);
         });
}

double AttentionSpeed() {
  at::NoGradGuard no_grad;
  const at::Tensor qkv = WholeNumbers(kExamples * kTokens, 3 * kWidth, 7);
  const at::Tensor bias = at::zeros({3 * kWidth});
  const Attended input = {qkv.narrow(1, 0, kWidth),
                          qkv.narrow(1, kWidth, 2 * kWidth),
                          bias.narrow(0, 0, kWidth),
                          bias.narrow(0, kWidth, 2 * kWidth),
                          kHeads,
                          /*first_only=*/false};
  RowLayout layout;
  layout.stretches = {{kExamples, kTokens}};
  // Scores and weighted sums: two products a head.
  const double operations = 4.0 * kExamples * kTokens * kTokens * kWidth;
  return operations * 1e-9 / BestSeconds(kEnough, [&] {
           Attend(input, layout, {}, /*keep=*/true);
         });
}

class ThreadCount {
 public:
  ThreadCount() : before_(at::get_num_threads()) {}
  ~ThreadCount() { at::set_num_threads(before_); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_;
};

}  // namespace

CpuSpeed MeasureCpuSpeed(int threads) {
  const ThreadCount restore;
  const at::Tensor a = WholeNumbers(kSize, kSize, 7);
  const at::Tensor b = WholeNumbers(kSize, kSize, 5);
  const auto corner = [](const at::Tensor& m, int n) {
    return m.narrow(0, 0, n).narrow(1, 0, n);
  };
  const auto fp32 = [&](int n) { at::mm(corner(a, n), corner(b, n)); };

  CpuSpeed speed;
  at::set_num_threads(1);
  speed.fp32_error = ProductError(100);
  speed.fp32_one = ProductSpeed(fp32);
  at::set_num_threads(threads);
  speed.fp32_all = ProductSpeed(fp32);

  const at::Tensor input = a.to(at::kBFloat16), weight = b.to(at::kBFloat16);
  speed.bf16 = ProductSpeed(
      [&](int n) { at::linear(corner(input, n), corner(weight, n)); });

  speed.layer_fp32 = LayerSpeed(at::kFloat);
  speed.layer_bf16 = LayerSpeed(at::kBFloat16);
  speed.attention = AttentionSpeed();
  return speed;
}

CudaSpeed MeasureCudaSpeed() {
  CudaSpeed speed;
  try {
    constexpr int kCudaSize = 4096, kCalls = 20;
    const at::Tensor a = WholeNumbers(kCudaSize, kCudaSize, 7)
                             .to(at::Device("cuda:0"), at::kBFloat16);
    const auto calls = [&] {
      at::Tensor c;
      for (int i = 0; i < kCalls; ++i) c = at::mm(a, a);
      c.narrow(0, 0, 1).sum().item<float>();  // waits for the device
    };
    speed.bf16 =
        2 * Cube(kCudaSize) * kCalls * 1e-9 / BestSeconds(kEnough, calls);
  } catch (const std::exception& error) {
    const std::string what = error.what();
    speed.error = what.substr(0, what.find('\n'));
  }
  return speed;
}

}  // namespace msdbench
