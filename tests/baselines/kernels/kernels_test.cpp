// Every instruction set that this machine can run, at sizes that leave odd
// ends, against LibTorch in double precision.
#include "baselines/kernels/kernels.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace msdbench::kernels {
namespace {

constexpr std::int64_t kSizes[] = {1, 2, 15, 16, 17, 26, 33, 65};

at::Tensor Draw(at::IntArrayRef sizes, std::uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return at::empty(sizes, at::kFloat).normal_(0, 1, generator);
}

double WorstError(const at::Tensor& found, const at::Tensor& expected) {
  const double largest = expected.abs().max().item<double>();
  return ((found.to(at::kDouble) - expected).abs().max() /
          std::max(largest, 1e-3))
      .item<double>();
}

const float* Read(const at::Tensor& tensor) { return tensor.data_ptr<float>(); }
float* Write(at::Tensor& tensor) { return tensor.data_ptr<float>(); }

class Level : public testing::TestWithParam<const Table<float>*> {};

TEST_P(Level, NormAndItsWayBack) {
  for (std::int64_t width : kSizes) {
    // Of two numbers the norm is +-1 whatever they are: a gradient of rounding.
    if (width <= 2) continue;
    const std::int64_t rows = 5;
    const at::Tensor x = Draw({rows, width}, 1),
                     residual = Draw({rows, width}, 2);
    const at::Tensor bias = Draw({width}, 3), gamma = Draw({width}, 4);
    const at::Tensor beta = Draw({width}, 5), d = Draw({rows, width}, 6);
    at::Tensor out = at::empty_like(x), hat = at::empty_like(x);
    at::Tensor rstd = at::empty({rows}), d_sum = at::empty_like(x);
    ResidualNorm<float> op{};
    op.width = width;
    op.epsilon = 1e-5F;
    op.bias = Read(bias);
    op.gamma = Read(gamma);
    op.beta = Read(beta);
    op.x = Read(x);
    op.residual = Read(residual);
    op.normed = Write(out);
    op.hat = Write(hat);
    op.rstd = Write(rstd);
    GetParam()->residual_norm(op, 0, rows);
    ResidualNormBackward<float> back{};
    back.width = width;
    back.gamma = Read(gamma);
    back.d_normed = Read(d);
    back.hat = Read(hat);
    back.rstd = Read(rstd);
    back.d_sum = Write(d_sum);
    GetParam()->residual_norm_backward(back, 0, rows);

    at::Tensor sum = (x + bias + residual).to(at::kDouble).detach();
    sum.set_requires_grad(true);
    const at::Tensor expected = at::layer_norm(
        sum, {width}, gamma.to(at::kDouble), beta.to(at::kDouble), 1e-5);
    expected.backward(d.to(at::kDouble));
    EXPECT_LT(WorstError(out, expected.detach()), 3e-6) << width;
    EXPECT_LT(WorstError(d_sum, sum.grad()), 2e-5) << width;
  }
}

TEST_P(Level, GeluAndItsSlopeToThePromisedError) {
  std::vector<float> values;
  for (int i = -14000; i <= 14000; ++i) values.push_back(i * 1e-3F);
  const auto count = static_cast<std::int64_t>(values.size());
  const std::vector<float> bias(values.size(), 0);
  std::vector<float> active(values.size()), slope(values.size());
  GetParam()->gelu(
      {count, values.data(), bias.data(), active.data(), slope.data()}, 0, 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values[i];
    const double below = 0.5 * std::erfc(-x / std::sqrt(2.0));
    const double density =
        std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0));
    const double allowed = 3e-7 * std::max(1.0, std::abs(x));
    ASSERT_NEAR(active[i], x * below, allowed) << x;
    ASSERT_NEAR(slope[i], below + x * density, 2 * allowed) << x;
  }
}

TEST_P(Level, NaNStaysNaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> x(17, nan), bias(17, 0);
  std::vector<float> active(17), slope(17);
  GetParam()->gelu({17, x.data(), bias.data(), active.data(), slope.data()}, 0,
                   1);
  for (float value : active) EXPECT_TRUE(std::isnan(value));
  for (float value : slope) EXPECT_TRUE(std::isnan(value));
}

TEST_P(Level, AttentionAndItsWayBack) {
  for (std::int64_t length : kSizes) {
    for (std::int64_t width : {1, 5, 16, 26, 33}) {
      for (std::int64_t asked : {std::int64_t{1}, length}) {
        const at::Tensor q = Draw({asked, width}, 1),
                         k = Draw({length, width}, 2);
        const at::Tensor v = Draw({length, width}, 3), b = Draw({3, width}, 4);
        const at::Tensor d = Draw({asked, width}, 5);
        at::Tensor shares = at::empty({asked, length});
        at::Tensor out = at::empty_like(q), d_q = at::empty_like(q);
        at::Tensor d_k = at::empty_like(k), d_v = at::empty_like(v);
        const std::size_t bytes = GetParam()->attention_scratch(length, width);
        const auto scratch =
            at::empty({static_cast<std::int64_t>(bytes / sizeof(float) + 16)});
        auto* at64 = reinterpret_cast<void*>(
            (reinterpret_cast<std::uintptr_t>(scratch.data_ptr()) + 63) / 64 *
            64);
        const auto head = [&](auto& op) {
          op.asked = asked;
          op.length = length;
          op.width = op.q_stride = op.kv_stride = op.context_stride = width;
          op.q = Read(q);
          op.k = Read(k);
          op.v = Read(v);
          op.q_bias = Read(b);
          op.k_bias = Read(b) + width;
          op.v_bias = Read(b) + 2 * width;
        };
        Attention<float> op{};
        head(op);
        op.shares = Write(shares);
        op.context = Write(out);
        GetParam()->attention(op, at64);
        AttentionBackward<float> back{};
        head(back);
        back.shares = Read(shares);
        back.d_context = Read(d);
        back.d_q = Write(d_q);
        back.d_k = Write(d_k);
        back.d_v = Write(d_v);
        GetParam()->attention_backward(back, at64);

        const auto leaf = [&](const at::Tensor& rows, std::int64_t i) {
          return (rows + b[i]).to(at::kDouble).detach().set_requires_grad(true);
        };
        const at::Tensor q2 = leaf(q, 0), k2 = leaf(k, 1), v2 = leaf(v, 2);
        const at::Tensor expected = at::matmul(
            at::softmax(at::matmul(q2, k2.t()) / std::sqrt(double(width)), 1),
            v2);
        expected.backward(d.to(at::kDouble));
        const auto where = testing::Message()
                           << length << " x " << width << ", " << asked;
        EXPECT_LT(WorstError(out, expected.detach()), 5e-6) << where;
        EXPECT_LT(WorstError(d_v, v2.grad()), 5e-6) << where;
        // With one key both are 0 but for rounding.
        if (length == 1) continue;
        EXPECT_LT(WorstError(d_q, q2.grad()), 5e-5) << where;
        EXPECT_LT(WorstError(d_k, k2.grad()), 5e-5) << where;
      }
    }
  }
}

TEST_P(Level, ColumnSumsAndRowProducts) {
  for (std::int64_t width : kSizes) {
    const at::Tensor a = Draw({7, width}, 1), b = Draw({7, width}, 2);
    const at::Tensor scale = Draw({7}, 3), factors = Draw({width}, 4);
    const at::Tensor bias = Draw({width}, 5);
    at::Tensor sums = at::empty({width});
    GetParam()->column_sums(Read(a), Read(b), Read(scale), 7, width,
                            Write(sums), 0, width);
    const auto wide = [](const at::Tensor& t) { return t.to(at::kDouble); };
    EXPECT_LT(
        WorstError(sums, (wide(a) * wide(b) * wide(scale).view({7, 1})).sum(0)),
        2e-6)
        << width;
    at::Tensor products = at::zeros({7}, at::kDouble);
    GetParam()->add_row_products(Read(a), Read(b), Read(factors), Read(bias),
                                 width, products.data_ptr<double>(), 0, 7);
    EXPECT_LT(
        WorstError(products,
                   (wide(a) * (wide(b) * wide(factors) + wide(bias))).sum(1)),
        2e-6)
        << width;
  }
}

std::string NameOf(const testing::TestParamInfo<const Table<float>*>& info) {
  static const char* const kNames[] = {"Base", "Avx2", "Avx512"};
  return kNames[info.index];
}
INSTANTIATE_TEST_SUITE_P(Kernels, Level, testing::ValuesIn(Runnable<float>()),
                         NameOf);

}  // namespace
}  // namespace msdbench::kernels
