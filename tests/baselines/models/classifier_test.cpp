#include "baselines/models/classifier.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "baselines/models/view_rows.h"
#include "tests/baselines/tiny_model.h"

namespace msdbench {
namespace {

const std::vector<View> kAllViews(kViews.begin(), kViews.end());

double Gap(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(Classifier, ViewsRunTogetherEqualViewsRunAlone) {
  Classifier model(TinyOptions(3), 1);
  const Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  for (Removal removal : {Removal::kDrop, Removal::kZero, Removal::kMask}) {
    const ViewLogits together = model->Forward(batch, kAllViews, removal);
    for (View view : kViews) {
      const ViewLogits alone = model->Forward(batch, {view}, removal);
      EXPECT_LT(Gap(together[view], alone[view]), 1e-5) << Name(view);
    }
  }
}

TEST(Classifier, PaddingDoesNotReachTheLogits) {
  Classifier model(TinyOptions(3), 1);
  Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  const ViewLogits before = model->Forward(batch, kAllViews, Removal::kDrop);
  batch.token_ids = at::cat({batch.token_ids, at::full({4, 2}, 7)}, 1);
  batch.text_mask = at::cat({batch.text_mask, at::zeros({4, 2})}, 1);
  const ViewLogits after = model->Forward(batch, kAllViews, Removal::kDrop);
  for (View view : kViews) {
    EXPECT_LT(Gap(before[view], after[view]), 1e-5) << Name(view);
  }
}

// Features of 5 visual tokens, of which the examples have 5, 2, 3 and 1.
TEST(Classifier, PaddedVisualTokensDoNotReachTheLogits) {
  ClassifierOptions options = TinyOptions(3);
  options.image.channels.clear();
  options.image.feature_tokens = 5;
  options.image.feature_width = 6;
  Classifier model(options, 1);
  at::Generator generator = at::detail::createCPUGenerator(8);
  Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  batch.images = at::empty({4, 5, 6}).normal_(0, 1, generator);
  batch.image_tokens = at::tensor({5, 2, 3, 1}, at::kLong);
  Batch other = batch;
  other.images = batch.images.clone();
  for (std::int64_t b = 0; b < 4; ++b) {
    const auto real = batch.image_tokens[b].item<std::int64_t>();
    other.images[b].narrow(0, real, 5 - real).fill_(9);
  }
  Batch all = batch;
  all.image_tokens = at::Tensor();
  for (Removal removal : {Removal::kDrop, Removal::kZero, Removal::kMask}) {
    const ViewLogits one = model->Forward(batch, kAllViews, removal);
    const ViewLogits two = model->Forward(other, kAllViews, removal);
    for (View view : kViews) EXPECT_EQ(Gap(one[view], two[view]), 0);
    const ViewLogits padded = model->Forward(all, kAllViews, removal);
    EXPECT_GT(Gap(one[View::kImage], padded[View::kImage]), 1e-3);
  }
}

// The plan for devices hides what the packed one leaves out.
TEST(ViewRows, PaddedVisualTokensAreHiddenInBothForms) {
  Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  batch.image_tokens = at::tensor({3, 2, 0, 1}, at::kLong);
  for (Removal removal : {Removal::kDrop, Removal::kZero, Removal::kMask}) {
    for (View view : kViews) {
      const ViewRows packed = PlanViewRows(batch, 3, {view}, removal, true);
      const ViewRows padded = PlanViewRows(batch, 3, {view}, removal, false);
      ASSERT_EQ(static_cast<std::int64_t>(padded.taken.size()),
                padded.layout.key_bias.size(0));
      const auto seen = padded.layout.key_bias.eq(0).sum().item<std::int64_t>();
      EXPECT_EQ(static_cast<std::int64_t>(packed.taken.size()), seen)
          << Name(view);
    }
  }
}

TEST(Classifier, AViewIgnoresTheModalityThatIsAbsent) {
  Classifier model(TinyOptions(3), 1);
  const Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  Batch other_image = batch, other_text = batch;
  other_image.images = batch.images.flip(0);
  other_text.token_ids = batch.token_ids.clone();
  other_text.token_ids.narrow(1, 1, 1).fill_(9);
  for (Removal removal : {Removal::kDrop, Removal::kZero, Removal::kMask}) {
    const ViewLogits base = model->Forward(batch, kAllViews, removal);
    const ViewLogits image = model->Forward(other_image, kAllViews, removal);
    const ViewLogits text = model->Forward(other_text, kAllViews, removal);
    EXPECT_LT(Gap(base[View::kText], image[View::kText]), 1e-6);
    EXPECT_GT(Gap(base[View::kMultimodal], image[View::kMultimodal]), 1e-3);
    EXPECT_LT(Gap(base[View::kImage], text[View::kImage]), 1e-6);
    EXPECT_GT(Gap(base[View::kMultimodal], text[View::kMultimodal]), 1e-3);
  }
}

TEST(Classifier, MaskingTheImageEqualsDroppingIt) {
  // Hidden visual tokens change nothing for [CLS]; only kZero differs.
  Classifier model(TinyOptions(3), 1);
  const Batch batch = TinyBatch(Head::kSingleLabel, 3, 2);
  const auto run = [&](Removal removal) {
    return model->Forward(batch, {View::kText}, removal)[View::kText];
  };
  EXPECT_LT(Gap(run(Removal::kDrop), run(Removal::kMask)), 1e-5);
  EXPECT_GT(Gap(run(Removal::kDrop), run(Removal::kZero)), 1e-3);
}

TEST(Classifier, PoolingMatchesTheFullEncoder) {
  // first_only computes the last layer for [CLS] alone.
  Classifier model(TinyOptions(3), 1);
  at::Generator generator = at::detail::createCPUGenerator(5);
  const at::Tensor rows = at::empty({12, 8}).normal_(0, 1, generator);
  RowLayout layout;
  layout.stretches = {{3, 4}};
  const at::Tensor states =
      model->encoder()->Run(rows, layout, /*first_only=*/false).view({3, 4, 8});
  const at::Tensor pooled = model->bert()->Pool(
      model->encoder()->Run(rows, layout, /*first_only=*/true));
  at::Tensor weight, bias;
  for (const auto& named : model->named_parameters()) {
    if (named.key() == "visual_bert.pooler.dense.weight") {
      weight = named.value();
    }
    if (named.key() == "visual_bert.pooler.dense.bias") bias = named.value();
  }
  const at::Tensor expected =
      at::tanh(at::linear(states.select(1, 0), weight, bias));
  EXPECT_LT(Gap(pooled, expected), 1e-5);
}

TEST(Classifier, WeightsFollowFromTheSeedAlone) {
  Classifier a(TinyOptions(3), 7), b(TinyOptions(3), 7), c(TinyOptions(3), 8);
  const auto pa = a->parameters(), pb = b->parameters(), pc = c->parameters();
  bool differs = false;
  for (std::size_t i = 0; i < pa.size(); ++i) {
    EXPECT_TRUE(at::equal(pa[i], pb[i]));
    differs |= !at::equal(pa[i], pc[i]);
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace msdbench
