#include "baselines/models/grid_backbone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/baselines/models/hashed_weights.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

GridBackbone Load(const Tree& tree, const Json& config,
                  const StateDict& state) {
  tree.Write("config.json", config.dump());
  WriteState(state, tree.root() / "model.safetensors");
  return GridBackbone(tree.root());
}

double Gap(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(GridBackbone, TokensEqualPublicImplementations) {
  const Tree tree;
  GoldenTally tally;
  int compared = 0;
  for (const Json& grid : PublicGrids()["cases"]) {
    // The port has names of its own: weights_import_test.cpp.
    if (grid["state"] == "efficientnet_lite_pytorch") continue;
    const GridBackbone backbone =
        Load(tree, grid["config"], HashedState(grid["state"]));
    CompareGrid(tally, grid,
                backbone.Tokens(HashedImages(grid["config"]["image_size"]), 0));
    ++compared;
  }
  EXPECT_EQ(compared, 6);
}

class Lite : public testing::Test {
 protected:
  Lite()
      : config_(PublicGrid("efficientnet_lite0 64")["config"]),
        state_(HashedState("efficientnet_lite0")) {}
  GridBackbone LoadLite(const std::string& padding) {
    config_["padding"] = padding;
    return Load(tree_, config_, state_);
  }

  Tree tree_;
  Json config_;
  StateDict state_;
};

TEST_F(Lite, PaddingsDiffer) {
  const at::Tensor images = HashedImages(64);
  const at::Tensor same = LoadLite("same").Tokens(images, 0),
                   symmetric = LoadLite("symmetric").Tokens(images, 0);
  EXPECT_EQ(same.sizes(), symmetric.sizes());
  EXPECT_GT(Gap(same, symmetric), 0.1);
}

TEST_F(Lite, CellsAreAveragedDown) {
  const GridBackbone backbone = LoadLite("symmetric");
  const at::Tensor images = HashedImages(96);
  // A map of 3 x 3 cells, a token each, row by row.
  const at::Tensor whole = backbone.Tokens(images, 0);
  ASSERT_EQ(whole.sizes(), at::IntArrayRef({2, 9, 320}));
  EXPECT_TRUE(whole.is_contiguous());
  EXPECT_TRUE(at::equal(backbone.Tokens(images, 3), whole));
  EXPECT_LT(Gap(backbone.Tokens(images, 1), whole.mean(1, true)), 1e-5);
  // Adaptive pooling to 2 x 2 takes overlapping 2 x 2 windows.
  const at::Tensor four = backbone.Tokens(images, 2);
  ASSERT_EQ(four.sizes(), at::IntArrayRef({2, 4, 320}));
  const std::vector<std::vector<std::int64_t>> windows = {
      {0, 1, 3, 4}, {1, 2, 4, 5}, {3, 4, 6, 7}, {4, 5, 7, 8}};
  for (std::int64_t i = 0; i < 4; ++i) {
    const at::Tensor want =
        whole.index_select(1, at::tensor(windows[i])).mean(1);
    EXPECT_LT(Gap(four.select(1, i), want), 1e-5) << i;
  }
}

TEST_F(Lite, ImagesDoNotMeet) {
  const GridBackbone backbone = LoadLite("same");
  const at::Tensor images = HashedImages(64);
  const at::Tensor both = backbone.Tokens(images, 0);
  EXPECT_LT(
      Gap(backbone.Tokens(images.narrow(0, 1, 1), 0), both.narrow(0, 1, 1)),
      1e-4);
}

TEST_F(Lite, WhatTheGridDoesNotNeedIsNamed) {
  state_["bn1.num_batches_tracked"] = at::zeros({}, at::kLong);
  EXPECT_THAT(LoadLite("same").left_out(),
              ElementsAre("bn2.bias", "bn2.running_mean", "bn2.running_var",
                          "bn2.weight", "classifier.bias", "classifier.weight",
                          "conv_head.weight"));
}

TEST_F(Lite, EveryMisfitIsListed) {
  state_.erase("conv_stem.weight");
  state_.erase("blocks.6.0.bn3.running_mean");
  state_["blocks.3.1.conv_dw.weight"] = at::zeros({480, 1, 5, 5});
  state_["blocks.1.0.bn1.weight"] = at::zeros({95});
  const std::string error = ErrorOf([&] { LoadLite("same"); });
  EXPECT_THAT(
      error,
      AllOf(HasSubstr(tree_.Path("model.safetensors")),
            HasSubstr("does not fit efficientnet_lite0"),
            HasSubstr("missing conv_stem.weight"),
            HasSubstr("missing blocks.6.0.bn3.running_mean"),
            HasSubstr("blocks.1.0.bn1.weight is [95], wanted [96]"),
            HasSubstr("blocks.3.1.conv_dw.weight is [480, 1, 5, 5], wanted "
                      "[480, 1, 3, 3]")));
  EXPECT_EQ(std::count(error.begin(), error.end(), ';'), 3);
  // Another net's weights.
  config_["architecture"] = "resnet18";
  EXPECT_THAT(ErrorOf([&] { LoadLite("same"); }),
              AllOf(HasSubstr("missing conv1.weight"),
                    HasSubstr("missing layer4.1.bn2.running_var")));
}

TEST_F(Lite, HalfPrecisionFilesAreRead) {
  const at::Tensor images = HashedImages(64);
  const at::Tensor full = LoadLite("same").Tokens(images, 0);
  for (auto& item : state_) item.second = item.second.to(at::kHalf);
  const at::Tensor half = LoadLite("same").Tokens(images, 0);
  EXPECT_EQ(half.scalar_type(), at::kFloat);
  EXPECT_GT(Gap(full, half), 0);
  EXPECT_LT(Gap(full, half), 0.05);
}

TEST(GridBackboneConfig, ComesBackAsItWasWritten) {
  const Tree tree;
  GridBackboneConfig config;
  config.architecture = "resnet50";
  config.image_size = 96;
  config.mean = {0.1F, 1.0F / 3, 127.0F / 255};
  config.deviation = {0.2F, 128.0F / 255, 1};
  config.same_padding = true;
  config.batch_norm_epsilon = 1e-3;
  WriteGridBackboneConfig(config, tree.root());
  const GridBackboneConfig read = ReadGridBackboneConfig(tree.root());
  EXPECT_EQ(read.architecture, "resnet50");
  EXPECT_EQ(read.image_size, 96);
  EXPECT_EQ(read.mean, config.mean);
  EXPECT_EQ(read.deviation, config.deviation);
  EXPECT_TRUE(read.same_padding);
  EXPECT_EQ(read.batch_norm_epsilon, 1e-3);
}

TEST(GridBackboneConfig, WrongSettingsAreNamed) {
  const Tree tree;
  const auto error = [&](const std::string& text) {
    tree.Write("config.json", text);
    const std::string what =
        ErrorOf([&] { ReadGridBackboneConfig(tree.root()); }, ExitCode::kData);
    EXPECT_THAT(what, HasSubstr(tree.Path("config.json")));
    return what;
  };
  EXPECT_THAT(error(R"({"architecture": "vgg16"})"),
              AllOf(HasSubstr("vgg16"), HasSubstr("resnet18"),
                    HasSubstr("efficientnet_lite0")));
  EXPECT_THAT(error("{}"), HasSubstr("architecture"));
  EXPECT_THAT(error(R"({"architecture": "resnet18", "padding": "valid"})"),
              HasSubstr("padding"));
  EXPECT_THAT(error(R"({"architecture": "resnet18", "mean": [0, 0]})"),
              HasSubstr("three numbers"));
  EXPECT_THAT(error(R"({"architecture": "resnet18",
                        "deviation": [0.5, 0, 0.5]})"),
              HasSubstr("deviation"));
  EXPECT_THAT(error(R"({"architecture": "resnet18", "heads": 2})"),
              HasSubstr("heads"));
}

}  // namespace
}  // namespace msdbench
