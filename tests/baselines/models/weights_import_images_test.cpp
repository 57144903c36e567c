// Image weights under the names of timm and of its ports.
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "baselines/models/grid_backbone.h"
#include "reports/json_file.h"
#include "tests/baselines/models/import_folders.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(WeightsImport, ThePortsNamesBecomeTimms) {
  const Json& grid = PublicGrid("efficientnet_lite_pytorch");
  WriteFrom(HashedState("efficientnet_lite_pytorch"));
  options_.image_size = 64;
  const ImportedWeights imported = Import();
  EXPECT_EQ(imported.architecture, "efficientnet_lite0");
  EXPECT_THAT(imported.notes, Contains(HasSubstr("TensorFlow port")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("conv_head.weight")));
  // Every name of timm's, each of the same shape.
  const StateDict state = ReadStateDict(options_.out / "model.safetensors");
  const StateDict timm = HashedState("efficientnet_lite0");
  EXPECT_EQ(state.size(), timm.size());
  for (const auto& [name, tensor] : timm) {
    ASSERT_EQ(state.count(name), 1U) << name;
    EXPECT_EQ(state.at(name).sizes(), tensor.sizes()) << name;
  }
  EXPECT_EQ(imported.parameters, 4652008 + 2 * 21008)
      << "what timm counts, and the running statistics";
  const GridBackbone backbone(options_.out);
  EXPECT_TRUE(backbone.config().same_padding);
  EXPECT_EQ(backbone.config().batch_norm_epsilon, 1e-3);
  GoldenTally tally;
  CompareGrid(tally, grid, backbone.Tokens(HashedImages(64), 0));
}

TEST_F(WeightsImport, ADeeperNetIsNotTakenForAShallowOne) {
  StateDict state = HashedState("efficientnet_lite0");
  WriteFrom(state);
  options_.image_size = 64;
  Import();
  const std::string before = Out("config.json");
  state["blocks.0.0.se.conv_reduce.weight"] = at::ones({8, 32, 1, 1});
  WriteFrom(state);
  options_.image_size = 96;
  EXPECT_THAT(Refused(),
              HasSubstr("unexpected blocks.0.0.se.conv_reduce.weight"));
  EXPECT_EQ(Out("config.json"), before) << "a good folder was spoilt";
}

TEST_F(WeightsImport, OptionsSayWhatTimmsNamesCannot) {
  const Json& grid = PublicGrid("tf_efficientnet_lite0 64");
  WriteFrom(HashedState("efficientnet_lite0"));
  options_.padding = "same";
  options_.image_size = 64;
  options_.mean = options_.deviation = {0.5, 0.5, 0.5};
  EXPECT_THAT(Import().notes, Contains(HasSubstr("epsilon 1e-3")));
  const GridBackbone same(options_.out);
  {
    GoldenTally tally;
    CompareGrid(tally, grid, same.Tokens(HashedImages(64), 0));
  }
  options_.padding = "";
  EXPECT_THAT(Import().notes, Contains(HasSubstr("symmetric padding")));
  const GridBackbone symmetric(options_.out);
  GoldenTally tally;
  CompareGrid(tally, PublicGrid("efficientnet_lite0 64"),
              symmetric.Tokens(HashedImages(64), 0));
  options_.mean = {0.5, 0.5};
  EXPECT_THAT(ErrorOf([&] { Import(); }, ExitCode::kUsage),
              HasSubstr("--mean: three numbers"));
}

TEST_F(WeightsImport, ResNetsAreToldApart) {
  for (const char* name : {"resnet18", "resnet50"}) {
    WriteFrom(HashedState(name));
    EXPECT_EQ(Import().architecture, name);
    EXPECT_THAT(GridBackbone(options_.out).left_out(),
                ElementsAre("fc.bias", "fc.weight"));
  }
}

TEST_F(WeightsImport, TensorsThatDoNotBelongAreNamed) {
  const StateDict port = HashedState("efficientnet_lite_pytorch");
  for (const char* odd :
       {"_blocks.16._bn1.weight", "_blocks.x._bn1.weight",
        "_blocks.99999999999999999999._bn1.weight", "_blocks.0._bn0.weight",
        "_blocks.3._se_reduce.weight", "_swish.weight", "plain"}) {
    StateDict state = port;
    state[odd] = at::zeros({1});
    WriteFrom(state);
    EXPECT_THAT(Refused(), AllOf(HasSubstr(tree_.Path("from/")),
                                 HasSubstr(std::string("unexpected tensor ") +
                                           odd + " ")));
  }
  // And where one is missing.
  StateDict state = port;
  state.erase("_blocks.15._project_conv.weight");
  WriteFrom(state);
  EXPECT_THAT(Refused(), HasSubstr("missing blocks.6.0.conv_pwl.weight"));
}

}  // namespace
}  // namespace msdbench
