#include "baselines/models/image_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baselines/models/grid_backbone.h"
#include "baselines/models/weights_import.h"
#include "tests/baselines/models/hashed_weights.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ImageSettingsTest : public testing::Test {
 protected:
  void Preprocessor(const Json& json) const {
    tree_.Write("from/preprocessor_config.json", json.dump());
  }
  void Config(const Json& json) const {
    tree_.Write("from/config.json", json.dump());
  }
  ImageSettings Read() const {
    return ReadImageSettings(tree_.root() / "from");
  }
  std::string Refused() const {
    return ErrorOf([&] { Read(); });
  }

  Tree tree_;
};

TEST_F(ImageSettingsTest, NothingBesideSaysNothing) {
  EXPECT_EQ(Read().source, "");
  EXPECT_FALSE(Read().mean);
}

TEST_F(ImageSettingsTest, HuggingFacesPreprocessorIsRead) {
  Preprocessor({{"image_mean", {0.5, 0.25, 0.125}},
                {"image_std", {0.5, 0.5, 0.25}},
                {"size", {{"height", 96}, {"width", 96}}},
                {"resample", 2},
                {"rescale_factor", 0.00392156862745098}});
  const ImageSettings settings = Read();
  EXPECT_THAT(*settings.mean, ElementsAre(0.5F, 0.25F, 0.125F));
  EXPECT_THAT(*settings.deviation, ElementsAre(0.5F, 0.5F, 0.25F));
  EXPECT_EQ(settings.image_size, 96);
  EXPECT_THAT(settings.differences, IsEmpty());
}

TEST_F(ImageSettingsTest, RescalingIsPartOfMeanAndDeviation) {
  // x / 127.5 - 1 on bytes is (x / 255 - 0.5) / 0.5.
  Preprocessor({{"rescale_factor", 1 / 127.5},
                {"image_mean", {1, 1, 1}},
                {"image_std", {1, 1, 1}}});
  EXPECT_THAT(*Read().mean, ElementsAre(0.5F, 0.5F, 0.5F));
  EXPECT_THAT(*Read().deviation, ElementsAre(0.5F, 0.5F, 0.5F));
  // Bytes as they are, less a mean in bytes.
  Preprocessor({{"do_rescale", false},
                {"image_mean", {51, 102, 153}},
                {"image_std", {51, 51, 51}}});
  const ImageSettings bytes = Read();
  EXPECT_FLOAT_EQ((*bytes.mean)[0], 0.2F);
  EXPECT_FLOAT_EQ((*bytes.mean)[2], 0.6F);
  EXPECT_FLOAT_EQ((*bytes.deviation)[1], 0.2F);
  Preprocessor({{"do_normalize", false}, {"image_mean", {0.5, 0.5, 0.5}}});
  EXPECT_THAT(*Read().mean, ElementsAre(0, 0, 0));
  EXPECT_THAT(*Read().deviation, ElementsAre(1, 1, 1));
}

TEST_F(ImageSettingsTest, WhatIsDoneOtherwiseIsTold) {
  Preprocessor({{"size", {{"shortest_edge", 256}}},
                {"crop_size", 224},
                {"do_center_crop", true},
                {"resample", 3},
                {"do_pad", true}});
  const ImageSettings settings = Read();
  EXPECT_EQ(settings.image_size, 224);
  EXPECT_THAT(settings.differences,
              AllOf(Contains(HasSubstr("do_center_crop is true, of pictures "
                                       "scaled to 256; the whole picture is "
                                       "scaled to 224 x 224")),
                    Contains(HasSubstr("resample is bicubic")),
                    Contains(HasSubstr("do_pad is true"))));
  Preprocessor({{"size", {{"shortest_edge", 64}}}});
  EXPECT_THAT(Read().differences, ElementsAre(HasSubstr("ratio of sides")));
}

TEST_F(ImageSettingsTest, TimmsConfigIsRead) {
  Config({{"architecture", "resnet18.a1_in1k"},
          {"num_classes", 1000},
          {"pretrained_cfg",
           {{"mean", {0.5, 0.5, 0.5}},
            {"std", {0.25, 0.25, 0.25}},
            {"input_size", {3, 160, 160}},
            {"interpolation", "bicubic"},
            {"crop_pct", 0.95}}}});
  const ImageSettings settings = Read();
  EXPECT_EQ(settings.architecture, "resnet18");
  EXPECT_THAT(*settings.mean, ElementsAre(0.5F, 0.5F, 0.5F));
  EXPECT_THAT(*settings.deviation, ElementsAre(0.25F, 0.25F, 0.25F));
  EXPECT_EQ(settings.image_size, 160);
  EXPECT_THAT(settings.differences,
              ElementsAre(HasSubstr("interpolation is bicubic"),
                          HasSubstr("crop_pct is 0.95")));
  Config({{"architecture", "tf_efficientnet_lite0"}});
  EXPECT_EQ(Read().architecture, "efficientnet_lite0");
  EXPECT_EQ(Read().same_padding, true);
  EXPECT_EQ(Read().batch_norm_epsilon, 1e-3);
}

TEST_F(ImageSettingsTest, ValuesThatCannotBeMeantAreNamed) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, Json>>{
           {"image_mean", {0.5, 0.5}},
           {"image_std", {0.5, 0, 0.5}},
           {"size", 8},
           {"size", {{"height", 64}, {"width", 96}}},
           {"resample", 9},
           {"do_rescale", "no"},
           {"rescale_factor", 0}}) {
    Preprocessor({{key, value}});
    EXPECT_THAT(Refused(), HasSubstr("preprocessor_config.json: /" + key));
  }
}

TEST_F(ImageSettingsTest, FilesThatDisagreeAreRefused) {
  Config({{"architecture", "resnet18"},
          {"image_size", 64},
          {"mean", {0.5, 0.5, 0.5}},
          {"deviation", {0.5, 0.5, 0.5}}});
  Preprocessor({{"image_mean", {0.5, 0.5, 0.5}}, {"size", 64}});
  EXPECT_EQ(Read().image_size, 64);
  Preprocessor({{"image_mean", {0.4, 0.5, 0.5}}, {"size", 64}});
  EXPECT_THAT(Refused(), AllOf(HasSubstr("config.json"), HasSubstr("the mean"),
                               HasSubstr("must agree")));
  // Also where a suite uses the folder.
  WriteState(HashedState("resnet18"), tree_.root() / "from/model.safetensors");
  EXPECT_THAT(ErrorOf([&] { GridBackbone(tree_.root() / "from"); }),
              HasSubstr("must agree"));
}

TEST_F(ImageSettingsTest, AnImportKeepsThem) {
  WriteState(HashedState("resnet18"), tree_.root() / "from/model.safetensors");
  Preprocessor({{"image_mean", {0.5, 0.25, 0.125}},
                {"image_std", {0.5, 0.5, 0.25}},
                {"size", 96},
                {"resample", 3}});
  ImportOptions options;
  options.from = tree_.root() / "from";
  options.out = tree_.root() / "out";
  EXPECT_THAT(ImportWeights(options).notes,
              AllOf(Contains(HasSubstr("settings read from")),
                    Contains(HasSubstr("resample is bicubic"))));
  const auto config = [](const std::filesystem::path& folder) {
    return GridBackbone(folder).config();
  };
  EXPECT_EQ(config(options.out).image_size, 96);
  EXPECT_THAT(config(options.out).mean, ElementsAre(0.5F, 0.25F, 0.125F));
  EXPECT_THAT(config(options.out).differences,
              ElementsAre(HasSubstr("resample is bicubic")));
  // And once more, of what the first wrote.
  options.from = options.out;
  options.out = tree_.root() / "again";
  ImportWeights(options);
  EXPECT_EQ(ReadTextFile(tree_.Path("again/config.json")),
            ReadTextFile(tree_.Path("out/config.json")));
  // What the command line says comes first.
  options.mean = {0.5, 0.5, 0.5};
  ImportWeights(options);
  EXPECT_THAT(config(options.out).mean, ElementsAre(0.5F, 0.5F, 0.5F));
  // The tensors of one net under the name of another.
  tree_.Write("from/config.json", R"({"architecture": "resnetaa50"})");
  options.from = tree_.root() / "from";
  EXPECT_THAT(ErrorOf([&] { ImportWeights(options); }),
              HasSubstr("/architecture is \"resnetaa50\" and the tensors are "
                        "those of a resnet18"));
}

}  // namespace
}  // namespace msdbench
