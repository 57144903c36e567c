// The encoder's own kernels against plain operations of LibTorch.
#include "baselines/models/encoder.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
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

TEST(Encoder, ThreadsChangeNothingThatMatters) {
  ClassifierOptions options = OddOptions();
  options.bert.hidden = 96;
  options.bert.heads = 6;
  options.bert.intermediate = 400;
  Classifier model(options, 1);
  const Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    return LogitsAndGradients(
        model,
        model->Forward(batch, {kViews.begin(), kViews.end()}, Removal::kDrop));
  };
  const int before = at::get_num_threads();
  const auto one = run(1), three = run(3);
  at::set_num_threads(before);
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (!one[i].defined()) continue;
    EXPECT_LT(Gap(one[i], three[i]), 2e-4) << i;
  }
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

// A layer with dropout is a fixed function of its seed, so differences along a
// line show whether its way back drops the same elements.
void ExpectTheSameMaskBack() {
  EncoderOptions options;
  options.hidden = 12;
  options.heads = 3;
  options.layers = 2;
  options.intermediate = 20;
  options.dropout = 0.3;
  Encoder encoder(options);
  encoder->to(at::kDouble);
  std::uint64_t seed = 1;
  for (at::Tensor& parameter : encoder->parameters()) {
    at::NoGradGuard no_grad;
    parameter.copy_(Draw(parameter.sizes(), ++seed) * 0.3);
  }
  RowLayout layout;
  layout.stretches = {{2, 5}, {1, 3}};
  const at::Tensor rows = Draw({13, 12}, 90), line = Draw({13, 12}, 91);
  const at::Tensor out_weights = Draw({13, 12}, 92);
  const auto value = [&](const at::Tensor& x) {
    return (encoder->Run(x, layout, /*first_only=*/false, /*dropout_seed=*/7) *
            out_weights)
        .sum();
  };
  const at::Tensor x = rows.clone().set_requires_grad(true);
  const double slope =
      (torch::autograd::grad({value(x)}, {x})[0] * line).sum().item<double>();
  constexpr double kStep = 1e-5;
  const double differences =
      (value(rows + line * kStep) - value(rows - line * kStep)).item<double>() /
      (2 * kStep);
  EXPECT_NEAR(slope, differences, 1e-6 * std::abs(differences));
  EXPECT_GT(Gap(value(rows),
                (encoder->Run(rows, layout, false, 8) * out_weights).sum()),
            1e-3);
}

TEST(Encoder, DropoutGoesBackThroughTheSameMask) {
  ExpectTheSameMaskBack();
  const PlainOperations plain;
  ExpectTheSameMaskBack();
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
}

}  // namespace
}  // namespace msdbench
