// Which parts come from the folder, which begin anew, and who says so.
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/baselines/models/pretrained_folder.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

TEST_F(Pretrained, EveryTensorIsTakenOverOrNamed) {
  Write(bert_);
  Classifier model(TinyOptions(3), 1);
  const StateDict before = Parameters(model);
  const WeightsOrigin origin = Load(model);
  const StateDict after = Parameters(model);
  EXPECT_EQ(origin.loaded, static_cast<std::int64_t>(bert_.size()));
  EXPECT_EQ(CountEqual(after, bert_), static_cast<int>(bert_.size()));
  EXPECT_THAT(origin.new_ones, testing::UnorderedElementsAreArray(kNewOnes));
  EXPECT_THAT(origin.left_out, IsEmpty());
  EXPECT_EQ(origin.loaded + static_cast<std::int64_t>(origin.new_ones.size()),
            static_cast<std::int64_t>(after.size()));
  for (const std::string& name : kNewOnes) {
    const std::string plain = name.substr(0, name.find(' '));
    if (name.find("drawn") == std::string::npos) continue;
    EXPECT_TRUE(at::equal(after.at(plain), before.at(plain))) << plain;
  }
}

TEST_F(Pretrained, VisualPlacesBeginAsTheTexts) {
  Write(bert_);
  Classifier model(TinyOptions(3), 1);
  Load(model);
  const StateDict after = Parameters(model);
  const std::string start = "visual_bert.embeddings.visual_";
  EXPECT_TRUE(at::equal(after.at(start + "token_type_embeddings.weight"),
                        bert_.at("embeddings.token_type_embeddings.weight")));
  EXPECT_TRUE(at::equal(after.at(start + "position_embeddings.weight"),
                        bert_.at("embeddings.position_embeddings.weight")));
}

TEST_F(Pretrained, NamesThatAreNoLayersAreLeftOut) {
  StateDict state = bert_;
  const std::vector<std::string> odd = {
      "encoder.layer.0", "encoder.layer.99999999999.x",
      "encoder.layer.9223372036854775807.x", "encoder.layer.-1.x"};
  for (const std::string& name : odd) state[name] = at::ones({2});
  Write(state);
  Classifier model(TinyOptions(3), 1);
  EXPECT_EQ(Load(model).left_out.size(), odd.size());
}

Json VisualConfig() {
  Json config = TinyConfig();
  config["model_type"] = "visual_bert";
  return config;
}

TEST_F(Pretrained, ATextEncoderLeavesTheVisualPartsToBeginAnew) {
  Write(bert_);
  Classifier named(TinyOptions(3), 1), unnamed(TinyOptions(3), 1);
  Load(named);
  new_parts_ = {};
  EXPECT_THAT(Load(unnamed).new_ones,
              testing::UnorderedElementsAreArray(kNewOnes));
  for (const auto& [name, tensor] : Parameters(named)) {
    EXPECT_TRUE(at::equal(Parameters(unnamed).at(name), tensor)) << name;
  }
  // Only what it has no counterpart of.
  StateDict state = bert_;
  state.erase("pooler.dense.bias");
  Write(state);
  EXPECT_THAT(Refused(unnamed), AllOf(HasSubstr("pooler.dense.bias"),
                                      Not(HasSubstr("missing image"))));
  // One visual tensor, and it is no text encoder whatever its config says.
  state = bert_;
  state["embeddings.visual_projection.bias"] = at::zeros({8});
  Write(state);
  EXPECT_THAT(Refused(unnamed), HasSubstr("missing image.position"));
  // Under an unknown name too.
  state = bert_;
  state["embeddings.vis_projection.bias"] = at::zeros({8});
  Write(state);
  EXPECT_THAT(Refused(unnamed), HasSubstr("missing image.position"));
}

TEST_F(Pretrained, NothingIsDrawnThatTheSuiteDoesNotName) {
  Write(bert_, VisualConfig());
  Classifier model(TinyOptions(3), 1);
  new_parts_ = {};
  const std::string error = Refused(model);
  for (const std::string& name : kNewOnes) {
    const std::string plain = name.substr(0, name.find(' '));
    EXPECT_EQ(error.find("missing " + plain) != std::string::npos,
              plain.substr(0, 4) != "cls.")
        << plain;
  }
  EXPECT_THAT(error, HasSubstr(R"(init.new: ["image", "visual_*"])"));
  new_parts_ = {"visual_*", "image.convolution_*", "image.norm"};
  EXPECT_THAT(Refused(model), AllOf(HasSubstr("missing image.position"),
                                    Not(HasSubstr("missing image.norm"))));
  new_parts_ = {"visual_*", "imag"};
  EXPECT_THAT(ErrorOf([&] { Load(model); }, ExitCode::kUsage),
              HasSubstr("\"imag\" names no part of the model"));
  // No name lets word embeddings begin anew.
  StateDict state = bert_;
  state.erase("embeddings.word_embeddings.weight");
  Write(state, VisualConfig());
  new_parts_ = {"*", "word_embeddings"};
  EXPECT_THAT(Refused(model),
              HasSubstr("missing visual_bert.embeddings.word_embeddings"));
}

// VisualBERT's parts under HuggingFace's names, for the tiny model's shape.
StateDict VisualParts(std::int64_t width = 6) {
  return {{"visual_token_type_embeddings.weight", at::full({2, 8}, 3.0)},
          {"visual_position_embeddings.weight", at::full({8, 8}, 5.0)},
          {"visual_projection.weight", at::full({8, width}, 7.0)},
          {"visual_projection.bias", at::full({8}, 9.0)}};
}

TEST_F(Pretrained, VisualPartsAreReadUnderEveryName) {
  const std::map<std::string, std::string> mmf = {
      {"visual_token_type_embeddings.weight",
       "token_type_embeddings_visual.weight"},
      {"visual_position_embeddings.weight",
       "position_embeddings_visual.weight"},
      {"visual_projection.weight", "projection.weight"},
      {"visual_projection.bias", "projection.bias"}};
  new_parts_ = {"image"};
  for (const bool theirs : {false, true}) {
    for (const std::string prefix : {"", "visual_bert.", "model.bert.",
                                     "bert.bert.", "module.model.bert."}) {
      StateDict state;
      for (const auto& [name, tensor] : bert_) state[prefix + name] = tensor;
      for (const auto& [name, tensor] : VisualParts()) {
        state[prefix + "embeddings." + (theirs ? mmf.at(name) : name)] = tensor;
      }
      Write(state);
      Classifier model(TinyOptions(3), 1);
      const WeightsOrigin origin = Load(model);
      EXPECT_THAT(origin.left_out, IsEmpty()) << prefix;
      EXPECT_EQ(origin.loaded, static_cast<std::int64_t>(state.size()));
      const StateDict after = Parameters(model);
      for (const auto& [name, tensor] : VisualParts()) {
        EXPECT_TRUE(at::equal(after.at("visual_bert.embeddings." + name),
                              tensor.to(at::kFloat)))
            << prefix << name;
      }
    }
  }
}

TEST_F(Pretrained, OneTensorUnderTwoNamesIsRefused) {
  StateDict state = bert_;
  for (const auto& [name, tensor] : VisualParts()) {
    state["embeddings." + name] = tensor;
  }
  state["embeddings.projection.bias"] = at::zeros({8});
  Write(state);
  EXPECT_THAT(ErrorOf([&] { OpenPretrained(tree_.root()); }),
              AllOf(HasSubstr("embeddings.projection.bias"),
                    HasSubstr("embeddings.visual_projection.bias"),
                    HasSubstr("the same tensor")));
}

TEST_F(Pretrained, TwoModelsInOneFileAreRefused) {
  StateDict state;
  for (const auto& [name, tensor] : bert_) {
    state["student.bert." + name] = tensor;
    state["teacher.bert." + name] = tensor;
  }
  Write(state);
  EXPECT_THAT(ErrorOf([&] { OpenPretrained(tree_.root()); }),
              AllOf(HasSubstr("student.bert."), HasSubstr("teacher.bert."),
                    HasSubstr("two models")));
}

TEST_F(Pretrained, VisualBertsTakeFeaturesAsTheyAre) {
  StateDict state = bert_;
  for (const auto& [name, tensor] : VisualParts(5)) {
    state["embeddings." + name] = tensor;
  }
  Write(state);
  const PretrainedSource source = OpenPretrained(tree_.root());
  EXPECT_TRUE(TakesFeaturesAsTheyAre(source, {}, 5));
  EXPECT_TRUE(TakesFeaturesAsTheyAre(source, {}, 0));
  EXPECT_FALSE(TakesFeaturesAsTheyAre(source, {}, 6)) << "it does not fit";
  EXPECT_FALSE(TakesFeaturesAsTheyAre(source, {{}, {"image"}}, 5))
      << "a norm is asked for";
  ClassifierOptions options = TinyOptions(3);
  options.image.channels.clear();
  options.image.feature_tokens = 2;
  options.image.feature_width = 5;
  options.image.as_they_are = true;
  Classifier model(options, 1);
  new_parts_ = {};
  EXPECT_THAT(Load(model).new_ones,
              UnorderedElementsAre("cls.bias (drawn)", "cls.weight (drawn)"));
  Write(bert_);
  EXPECT_FALSE(TakesFeaturesAsTheyAre(OpenPretrained(tree_.root()), {}, 5));
}

TEST_F(Pretrained, AProjectionOfOtherFeaturesBeginsAnewOnlyByName) {
  StateDict state = bert_;
  for (const auto& [name, tensor] : VisualParts(17)) {
    state["embeddings." + name] = tensor;
  }
  Write(state);
  Classifier model(TinyOptions(3), 1);
  new_parts_ = {"image"};
  EXPECT_THAT(Refused(model), HasSubstr("visual_projection.weight is [8, 17], "
                                        "wanted [8, 6]"));
  new_parts_ = {"image", "visual_projection.weight"};
  EXPECT_THAT(Load(model).left_out,
              ElementsAre("visual_bert.embeddings.visual_projection.weight "
                          "[8, 17]"));
}

}  // namespace
}  // namespace msdbench
