// The encoder's own kernels against plain operations of LibTorch.
#include "baselines/models/encoder.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "baselines/models/encoder_ops.h"
#include "tests/baselines/plain_classifier.h"
#include "tests/baselines/tiny_model.h"

namespace msdbench {
namespace {

at::Tensor Draw(at::IntArrayRef sizes, std::uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return at::empty(sizes, at::kDouble).normal_(0, 1, generator);
}

double Gap(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

// Logits and every gradient of the sum of their squares.
std::vector<at::Tensor> LogitsAndGradients(Classifier& model,
                                           const ViewLogits& logits) {
  at::Tensor sum = at::zeros({}, at::kDouble);
  std::vector<at::Tensor> all;
  for (View view : kViews) {
    all.push_back(logits[view].detach());
    sum = sum + logits[view].to(at::kDouble).square().sum();
  }
  for (const at::Tensor& gradient :
       torch::autograd::grad({sum}, model->parameters(), {}, false, false,
                             /*allow_unused=*/true)) {
    all.push_back(gradient);
  }
  return all;
}

// Odd sizes: heads of 5 columns, 3 layers, features in place of pixels.
ClassifierOptions OddOptions() {
  ClassifierOptions options = TinyOptions(3);
  options.bert.hidden = 15;
  options.bert.heads = 3;
  options.bert.layers = 3;
  options.bert.intermediate = 37;
  return options;
}

// Largest difference to the plain model over all logits and gradients, as a
// share of the largest value of each. (Some are 0 but for rounding, as those of
// the keys' biases, so a thousandth of the largest of all counts as well.)
double WorstShare(Classifier& model, const Batch& batch) {
  const auto fast = LogitsAndGradients(
      model,
      model->Forward(batch, {kViews.begin(), kViews.end()}, Removal::kDrop));
  const auto plain =
      LogitsAndGradients(model, PlainClassifier(model).Forward(batch));
  double worst = 0, largest = 0;
  for (const at::Tensor& value : plain) {
    if (!value.defined()) continue;
    largest = std::max(largest, value.abs().max().item<double>());
  }
  for (std::size_t i = 0; i < fast.size(); ++i) {
    EXPECT_EQ(fast[i].defined(), plain[i].defined()) << i;
    if (!fast[i].defined() || !plain[i].defined()) continue;
    const double scale =
        std::max(plain[i].abs().max().item<double>(), 1e-3 * largest);
    worst = std::max(worst, Gap(fast[i], plain[i]) / scale);
  }
  return worst;
}

TEST(Encoder, EqualsPlainOperationsInDouble) {
  Classifier model(OddOptions(), 1);
  Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  model->to(at::kDouble);
  batch.images = batch.images.to(at::kDouble);
  EXPECT_LT(WorstShare(model, batch), 1e-10);
}

TEST(Encoder, EqualsPlainOperationsInFloat) {
  Classifier model(OddOptions(), 1);
  EXPECT_LT(WorstShare(model, TinyBatch(Head::kSingleLabel, 3, 2)), 2e-5);
}

TEST(Encoder, Bf16StaysNear) {
  ClassifierOptions options = OddOptions();
  options.bert.precision = Precision::kBf16;
  Classifier model(options, 1);
  // Eight bits of precision, over three layers.
  const double share = WorstShare(model, TinyBatch(Head::kSingleLabel, 3, 2));
  EXPECT_LT(share, 0.1);
  EXPECT_GT(share, 1e-4);  // it is bfloat16 that ran
}

// What runs on devices without our kernels, padded batches included.
TEST(Encoder, OperationsOfLibTorchGiveTheSame) {
  Classifier model(OddOptions(), 1);
  Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  model->to(at::kDouble);
  batch.images = batch.images.to(at::kDouble);
  for (Removal removal : {Removal::kDrop, Removal::kZero, Removal::kMask}) {
    const auto run = [&] {
      return LogitsAndGradients(
          model,
          model->Forward(batch, {kViews.begin(), kViews.end()}, removal));
    };
    const auto kernels = run();
    const PlainOperations plain;
    const auto operations = run();
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      ASSERT_EQ(kernels[i].defined(), operations[i].defined());
      if (!kernels[i].defined()) continue;
      EXPECT_LT(Gap(kernels[i], operations[i]), 1e-9) << i;
    }
  }
}

TEST(Encoder, NothingOfAPassOutlivesIt) {
  Classifier model(OddOptions(), 1);
  at::Tensor rows = Draw({4, 15}, 1).to(at::kFloat).set_requires_grad(true);
  RowLayout layout;
  layout.stretches = {{2, 2}};
  at::Tensor out = model->encoder()->Run(rows, layout, /*first_only=*/true);
  out.sum().backward();
  const c10::weak_intrusive_ptr<c10::TensorImpl> watched(out.getIntrusivePtr());
  out.reset();
  EXPECT_TRUE(watched.expired());
}

TEST(Encoder, ASecondDerivativeIsRefused) {
  Classifier model(OddOptions(), 1);
  const ViewLogits logits = model->Forward(TinyBatch(Head::kSingleLabel, 3, 2),
                                           {View::kText}, Removal::kDrop);
  EXPECT_THROW(
      torch::autograd::grad({logits[View::kText].sum()}, model->parameters(),
                            {}, true, /*create_graph=*/true, true),
      c10::Error);
}

Encoder DrawnEncoder(double dropout, Precision precision, c10::ScalarType type,
                     std::int64_t hidden = 12) {
  EncoderOptions options;
  options.hidden = hidden;
  options.heads = 3;
  options.layers = 2;
  options.intermediate = 20;
  options.dropout = dropout;
  options.precision = precision;
  Encoder encoder(options);
  std::uint64_t seed = 1;
  for (at::Tensor& parameter : encoder->parameters()) {
    at::NoGradGuard no_grad;
    parameter.copy_(Draw(parameter.sizes(), ++seed) * 0.3);
  }
  encoder->to(type);
  return encoder;
}

RowLayout OddLayout() {
  RowLayout layout;
  layout.stretches = {{2, 5}, {1, 3}};
  return layout;
}

// An encoder with dropout is a fixed function of its seed, so differences along
// a line through its input and weights show whether its way back drops the same
// elements.
void ExpectTheSameMaskBack(bool first_only) {
  Encoder encoder = DrawnEncoder(0.3, Precision::kFp32, at::kDouble);
  const RowLayout layout = OddLayout();
  const at::Tensor out_weights = Draw({first_only ? 3 : 13, 12}, 92);
  std::vector<at::Tensor> points = {Draw({13, 12}, 90).set_requires_grad(true)};
  for (const at::Tensor& weight : encoder->parameters()) {
    points.push_back(weight);
  }
  const auto value = [&](std::uint64_t seed) {
    return (encoder->Run(points[0], layout, first_only, seed) * out_weights)
        .sum();
  };
  const auto gradients = torch::autograd::grad({value(7)}, points);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const at::Tensor line = Draw(points[i].sizes(), 200 + i);
    const double slope = (gradients[i] * line).sum().item<double>();
    constexpr double kStep = 1e-5;
    const auto moved = [&](double step) {
      at::NoGradGuard no_grad;
      points[i].add_(line, step);
      const double there = value(7).item<double>();
      points[i].sub_(line, step);
      return there;
    };
    const double differences = (moved(kStep) - moved(-kStep)) / (2 * kStep);
    // Biases of keys change nothing: rounding is all there is.
    EXPECT_NEAR(slope, differences, 1e-6 * std::abs(differences) + 1e-8) << i;
  }
  EXPECT_GT(Gap(value(7), value(8)), 1e-3);
}

TEST(Encoder, DropoutGoesBackThroughTheSameMask) {
  for (bool first_only : {false, true}) {
    ExpectTheSameMaskBack(first_only);
    const PlainOperations plain;
    ExpectTheSameMaskBack(first_only);
  }
}

// Autograd's gradient of one sequence's share, as EncoderPass has it apart.
std::vector<at::Tensor> GradientOf(Encoder& encoder, const at::Tensor& rows,
                                   const at::Tensor& d, std::uint64_t seed) {
  return torch::autograd::grad(
      {(encoder->Run(rows, OddLayout(), /*first_only=*/true, seed) * d).sum()},
      encoder->parameters());
}

void ExpectPassKeepsSequencesApart(Precision precision, c10::ScalarType type,
                                   double tolerance) {
  Encoder encoder = DrawnEncoder(0.2, precision, type);
  const at::Tensor rows = Draw({13, 12}, 90).to(type);
  const at::Tensor d = Draw({3, 12}, 91).to(type);
  EncoderPass pass(encoder, OddLayout(), /*dropout_seed=*/5);
  EXPECT_LT(Gap(pass.Forward(rows),
                encoder->Run(rows, OddLayout(), /*first_only=*/true, 5)),
            tolerance);
  pass.Back(d);
  const at::Tensor scale = at::tensor({0.5, -2.0}).to(type);
  const auto found = pass.Gradients(1, 3, scale);
  at::Tensor weighed = at::zeros_like(d);
  weighed[1] = d[1] * 0.5;
  weighed[2] = d[2] * -2.0;
  const auto expected = GradientOf(encoder, rows, weighed, 5);
  std::vector<at::Tensor> direction;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double scale_of =
        std::max(1e-3, expected[i].abs().max().item<double>());
    EXPECT_LT(Gap(found[i], expected[i]), tolerance * scale_of + tolerance)
        << i;
    direction.push_back(Draw(expected[i].sizes(), 300 + i).to(type));
  }
  const at::Tensor products = pass.Products(1, 3, direction);
  for (std::int64_t i : {1, 2}) {
    at::Tensor alone = at::zeros_like(d);
    alone[i] = d[i];
    const auto gradient = GradientOf(encoder, rows, alone, 5);
    double product = 0, size = 0;
    for (std::size_t p = 0; p < gradient.size(); ++p) {
      const at::Tensor terms = gradient[p] * direction[p];
      product += terms.sum().item<double>();
      size += terms.abs().sum().item<double>();
    }
    EXPECT_NEAR(products[i - 1].item<double>(), product, tolerance * size);
  }
}

TEST(EncoderPass, KeepsSequencesApartUnderDropout) {
  ExpectPassKeepsSequencesApart(Precision::kFp32, at::kDouble, 1e-10);
  const PlainOperations plain;
  ExpectPassKeepsSequencesApart(Precision::kFp32, at::kDouble, 1e-10);
}

// Rows are filled up to a multiple of 64 here, and ranges of them enlarged.
TEST(EncoderPass, KeepsSequencesApartInBf16) {
  ExpectPassKeepsSequencesApart(Precision::kBf16, at::kFloat, 0.03);
}

TEST(Encoder, Bf16RoundsAlikeOnDevicesWithoutKernels) {
  Encoder encoder = DrawnEncoder(0, Precision::kBf16, at::kFloat);
  Encoder exact = DrawnEncoder(0, Precision::kFp32, at::kFloat);
  const at::Tensor rows = Draw({13, 12}, 90).to(at::kFloat);
  const auto error = [&] {
    at::NoGradGuard no_grad;
    return (encoder->Run(rows, OddLayout(), false) -
            exact->Run(rows, OddLayout(), false))
        .square()
        .mean()
        .sqrt()
        .item<double>();
  };
  const double kernels = error();
  const PlainOperations plain;
  const double operations = error();
  EXPECT_GT(kernels, 1e-4);
  EXPECT_LT(operations, 1.3 * kernels);
}

// Enough rows that every operation is shared among threads, dropout included.
TEST(Encoder, ThreadsChangeNothingThatMatters) {
  Encoder encoder = DrawnEncoder(0.2, Precision::kFp32, at::kFloat, 96);
  RowLayout layout;
  layout.stretches = {{30, 54}, {20, 19}};
  const at::Tensor rows = Draw({2000, 96}, 1).to(at::kFloat);
  const at::Tensor d = Draw({50, 96}, 2).to(at::kFloat);
  const at::Tensor scale = at::linspace(0.1, 1, 50);
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    EncoderPass pass(encoder, layout, /*dropout_seed=*/5);
    std::vector<at::Tensor> all = {pass.Forward(rows), pass.Back(d)};
    const auto gradients = pass.Gradients(0, 50, scale);
    all.insert(all.end(), gradients.begin(), gradients.end());
    all.push_back(pass.Products(0, 50, gradients));
    return all;
  };
  const int before = at::get_num_threads();
  const auto one = run(1), three = run(3);
  at::set_num_threads(before);
  for (std::size_t i = 0; i < one.size(); ++i) {
    const double largest = one[i].abs().max().item<double>();
    EXPECT_LT(Gap(one[i], three[i]), 2e-5 * std::max(1.0, largest)) << i;
  }
}

TEST(Encoder, HeadsThatDoNotDivideTheWidthAreRefused) {
  EncoderOptions options;
  options.hidden = 12;
  options.heads = 5;
  EXPECT_THROW(Encoder{options}, c10::Error);
}

TEST(Encoder, WeightsOfAnotherTypeAreRefused) {
  Encoder encoder = DrawnEncoder(0, Precision::kFp32, at::kFloat);
  EXPECT_THROW(encoder->Run(Draw({13, 12}, 90), OddLayout(), true), c10::Error);
}

TEST(DropFactors, KeepTheMeanAndFollowTheSeed) {
  const at::Tensor like = at::empty({200, 200});
  const at::Tensor first = DropFactors(like, {0.3, 3});
  EXPECT_TRUE(at::equal(first, DropFactors(like, {0.3, 3})));
  EXPECT_FALSE(at::equal(first, DropFactors(like, {0.3, 4})));
  // 40,000 draws: the mean has a deviation of 0.0033, the share of 0.0023.
  EXPECT_NEAR(first.mean().item<double>(), 1, 0.0165);
  const at::Tensor dropped = first.eq(0).to(at::kFloat);
  EXPECT_NEAR(dropped.mean().item<double>(), 0.3, 0.0115);
  // Neighbours, rows and other seeds are not alike.
  const auto together = [](const at::Tensor& a, const at::Tensor& b) {
    return (a * b).mean().item<double>();
  };
  const at::Tensor other = DropFactors(like, {0.3, 4}).eq(0).to(at::kFloat);
  EXPECT_NEAR(together(dropped, other), 0.09, 0.0075);
  EXPECT_NEAR(together(dropped, dropped.roll(1)), 0.09, 0.0075);
  EXPECT_NEAR(together(dropped, dropped.roll(200)), 0.09, 0.0075);
  EXPECT_NEAR(together(dropped, other.roll(1)), 0.09, 0.0075);
  EXPECT_NEAR(together(dropped, other.roll(-1)), 0.09, 0.0075);
}

}  // namespace
}  // namespace msdbench
