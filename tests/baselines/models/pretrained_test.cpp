#include "baselines/models/pretrained.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/baselines/models/hashed_weights.h"
#include "tests/baselines/models/tiny_bert.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

// The number of `bert`'s tensors that `model` holds under VisualBERT's names.
int CountEqual(const StateDict& model, const StateDict& bert) {
  int equal = 0;
  for (const auto& [name, tensor] : bert) {
    const auto place = model.find("visual_bert." + name);
    equal += place != model.end() && at::equal(place->second, tensor) ? 1 : 0;
  }
  return equal;
}

class Pretrained : public testing::Test {
 protected:
  void Write(const StateDict& state, const Json& config = TinyConfig()) {
    tree_.Write("config.json", config.dump());
    WriteState(state, tree_.root() / "model.safetensors");
  }
  WeightsOrigin Load(Classifier& model,
                     const std::vector<std::int64_t>& layers = {},
                     const KeptPieces& pieces = WholeVocabulary()) {
    return LoadPretrained(model, OpenPretrained(tree_.root()),
                          {layers, new_parts_}, pieces);
  }
  std::string Refused(Classifier& model,
                      const std::vector<std::int64_t>& layers = {},
                      const KeptPieces& pieces = WholeVocabulary()) {
    const std::string error = ErrorOf([&] { Load(model, layers, pieces); });
    EXPECT_THAT(error, HasSubstr(tree_.Path("model.safetensors") +
                                 ": does not fit the model: "));
    return error;
  }

  Tree tree_;
  const StateDict bert_ = TinyBert(2);
  std::vector<std::string> new_parts_ = {"visual_*", "image"};
};

// What a text encoder has no part of; channels {4, 6} make two convolutions.
const std::vector<std::string> kNewOnes = {
    "cls.bias (drawn)",
    "cls.weight (drawn)",
    "image.convolution_0.bias (drawn)",
    "image.convolution_0.weight (drawn)",
    "image.convolution_1.bias (drawn)",
    "image.convolution_1.weight (drawn)",
    "image.norm.bias (drawn)",
    "image.norm.weight (drawn)",
    "image.position (drawn)",
    "visual_bert.embeddings.visual_position_embeddings.weight (copied from "
    "the text's)",
    "visual_bert.embeddings.visual_projection.bias (drawn)",
    "visual_bert.embeddings.visual_projection.weight (drawn)",
    "visual_bert.embeddings.visual_token_type_embeddings.weight (copied from "
    "the text's)"};

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

TEST_F(Pretrained, NamesOfManyOriginsAreOneModel) {
  Write(bert_);
  Classifier plain(TinyOptions(3), 1);
  Load(plain);
  for (const std::string prefix :
       {"bert.", "visual_bert.", "model.bert.", "module.", "module.bert.",
        "module.model.bert.", "state_dict.model.bert.", "a.b.c."}) {
    StateDict state;
    for (const auto& [name, tensor] : bert_) state[prefix + name] = tensor;
    state[prefix + "embeddings.position_ids"] = at::arange(8).view({1, 8});
    Write(state);
    Classifier model(TinyOptions(3), 1);
    const WeightsOrigin origin = Load(model);
    EXPECT_THAT(origin.left_out, IsEmpty()) << prefix;
    for (const auto& [name, tensor] : Parameters(plain)) {
      EXPECT_TRUE(at::equal(Parameters(model).at(name), tensor)) << name;
    }
  }
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

TEST_F(Pretrained, NanAndInfAreRefusedByName) {
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    StateDict state = bert_;
    at::Tensor row = bert_.at("encoder.layer.1.output.dense.weight").clone();
    row[3][2] = bad;
    state["encoder.layer.1.output.dense.weight"] = row;
    Write(state);
    Classifier model(TinyOptions(3), 1);
    EXPECT_THAT(Refused(model),
                HasSubstr("visual_bert.encoder.layer.1.output.dense.weight "
                          "holds NaN or Inf"));
  }
  // Also of a word that no text of this data has.
  StateDict state = bert_;
  at::Tensor words = bert_.at("embeddings.word_embeddings.weight").clone();
  words[7][0] = NAN;
  state["embeddings.word_embeddings.weight"] = words;
  Write(state);
  ClassifierOptions options = TinyOptions(3);
  options.bert.vocabulary = 4;
  Classifier model(options, 1);
  EXPECT_THAT(
      Refused(model, {}, {{1, 2, 5, 10}, 11}),
      testing::EndsWith("does not fit the model: visual_bert.embeddings."
                        "word_embeddings.weight holds NaN or Inf"));
}

TEST_F(Pretrained, WholeNumbersAreNoWeights) {
  StateDict state = bert_;
  state["pooler.dense.bias"] = at::ones({8}, at::kChar);
  Write(state);
  Classifier model(TinyOptions(3), 1);
  EXPECT_THAT(Refused(model),
              HasSubstr("pooler.dense.bias holds no floating-point numbers"));
}

TEST_F(Pretrained, HalfACheckpointIsRefused) {
  Json config = TinyConfig();
  config["num_hidden_layers"] = 4;
  Write(bert_, config);
  Classifier model(TinyOptions(3), 1);
  EXPECT_THAT(Refused(model),
              HasSubstr("config.json has num_hidden_layers 4 and the weights "
                        "have 2 layers"));
}

TEST_F(Pretrained, MuchIsCheckedWithoutData) {
  Write(bert_);
  const ClassifierOptions options = TinyOptions(3);
  const auto check = [&](const PretrainedChoice& choice) {
    CheckPretrained(options, OpenPretrained(tree_.root()), choice);
  };
  check({{}, {"visual_*", "image"}});
  check({});
  EXPECT_THAT(ErrorOf([&] {
                check({{}, {"visual_*"}});
              }),
              HasSubstr("missing image.norm"));
  EXPECT_THAT(ErrorOf([&] {
                check({{0}, {"visual_*", "image"}});
              }),
              HasSubstr("the model has 2 layers and init takes 1"));
  StateDict state = bert_;
  state["embeddings.LayerNorm.bias"] = at::full({8}, NAN);
  Write(state);
  EXPECT_THAT(ErrorOf([&] {
                check({{}, {"visual_*", "image"}});
              }),
              HasSubstr("LayerNorm.bias holds NaN"));
}

TEST_F(Pretrained, LayerNormsOfTensorFlowsTime) {
  StateDict state;
  for (const auto& [old, tensor] : bert_) {
    std::string name = old;
    const std::size_t norm = name.find("LayerNorm.");
    if (norm != std::string::npos) {
      const bool weight = name.substr(norm) == "LayerNorm.weight";
      name = name.substr(0, norm) +
             (weight ? "LayerNorm.gamma" : "LayerNorm.beta");
    }
    state["bert." + name] = tensor;
  }
  ASSERT_EQ(state.count("bert.embeddings.LayerNorm.gamma"), 1U);
  Write(state);
  Classifier model(TinyOptions(3), 1);
  EXPECT_THAT(Load(model).left_out, IsEmpty());
  EXPECT_EQ(CountEqual(Parameters(model), bert_),
            static_cast<int>(bert_.size()));
}

TEST_F(Pretrained, HeadsOfOtherTasksAreLeftOut) {
  StateDict state;
  for (const auto& [name, tensor] : bert_) state["bert." + name] = tensor;
  state["cls.predictions.bias"] = at::zeros({11});
  state["cls.predictions.transform.dense.weight"] = at::zeros({8, 8});
  state["cls.seq_relationship.weight"] = at::zeros({2, 8});
  state["cls.weight"] = at::zeros({5, 8});  // ours has three labels
  Write(state);
  Classifier model(TinyOptions(3), 1);
  const WeightsOrigin origin = Load(model);
  EXPECT_THAT(
      origin.left_out,
      UnorderedElementsAre("cls.predictions.bias",
                           "cls.predictions.transform.dense.weight",
                           "cls.seq_relationship.weight", "cls.weight [5, 8]"));
  EXPECT_THAT(origin.new_ones, testing::UnorderedElementsAreArray(kNewOnes));
}

TEST_F(Pretrained, OneWithoutPoolerDrawsItWhereTheSuiteSaysSo) {
  StateDict state = bert_;
  state.erase("pooler.dense.weight");
  state.erase("pooler.dense.bias");
  Write(state);
  Classifier model(TinyOptions(3), 1);
  EXPECT_THAT(Refused(model),
              AllOf(HasSubstr("missing visual_bert.pooler.dense.weight"),
                    HasSubstr("missing visual_bert.pooler.dense.bias"),
                    HasSubstr(R"(init.new: ["pooler"])")));
  new_parts_.push_back("pooler");
  const WeightsOrigin origin = Load(model);
  EXPECT_EQ(origin.new_ones.size(), kNewOnes.size() + 2);
  EXPECT_THAT(origin.new_ones,
              testing::IsSupersetOf({"visual_bert.pooler.dense.weight (drawn)",
                                     "visual_bert.pooler.dense.bias (drawn)"}));
}

TEST_F(Pretrained, EveryMisfitIsListed) {
  StateDict state = bert_;
  state.erase("encoder.layer.1.output.dense.bias");
  state.erase("embeddings.LayerNorm.weight");
  state["encoder.layer.0.intermediate.dense.weight"] = at::zeros({16, 8});
  state["embeddings.position_embeddings.weight"] = at::zeros({4, 8});
  Write(state);
  Classifier model(TinyOptions(3), 1);
  const std::string error = Refused(model);
  EXPECT_THAT(
      error,
      AllOf(HasSubstr("missing visual_bert.encoder.layer.1.output.dense.bias"),
            HasSubstr("missing visual_bert.embeddings.LayerNorm.weight"),
            HasSubstr("visual_bert.encoder.layer.0.intermediate.dense.weight "
                      "is [16, 8], wanted [12, 8]"),
            HasSubstr("visual_bert.embeddings.position_embeddings.weight is "
                      "[4, 8], wanted [8, 8]")));
}

TEST_F(Pretrained, SettingsThatShapesDoNotShowAreCompared) {
  Json config = TinyConfig();
  config["num_attention_heads"] = 4;
  config["hidden_act"] = "relu";
  config["layer_norm_eps"] = 1e-5;
  config["position_embedding_type"] = "relative_key";
  Write(bert_, config);
  Classifier model(TinyOptions(3), 1);
  EXPECT_THAT(
      Refused(model),
      AllOf(HasSubstr("config.json has num_attention_heads 4, the model 2"),
            HasSubstr(R"(has hidden_act "relu", the model "gelu")"),
            HasSubstr("has layer_norm_eps 1e-05, the model 1e-12"),
            HasSubstr(R"(has position_embedding_type "relative_key")")));
  // What it does not say is not held against it.
  Write(bert_, {{"model_type", "bert"}});
  EXPECT_EQ(Load(model).loaded, static_cast<std::int64_t>(bert_.size()));
}

Json DeepConfig() {
  Json config = TinyConfig();
  config["num_hidden_layers"] = 4;
  return config;
}

TEST_F(Pretrained, ChosenLayersAreNumberedAnew) {
  const StateDict deep = TinyBert(4);
  Write(deep, DeepConfig());
  Classifier model(TinyOptions(3), 1);
  const WeightsOrigin origin = Load(model, {0, 2});
  EXPECT_THAT(origin.left_out, ElementsAre("visual_bert.encoder.layer.1.*",
                                           "visual_bert.encoder.layer.3.*"));
  EXPECT_EQ(origin.loaded, static_cast<std::int64_t>(bert_.size()));
  const StateDict after = Parameters(model);
  int layers = 0;
  for (const auto& [name, tensor] : deep) {
    for (const auto& [from, to] : {std::pair{"layer.0.", "layer.0."},
                                   std::pair{"layer.2.", "layer.1."}}) {
      const std::size_t place = name.find(from);
      if (place == std::string::npos) continue;
      std::string ours = "visual_bert." + name;
      ours.replace(ours.find(from), 8, to);
      EXPECT_TRUE(at::equal(after.at(ours), tensor)) << ours;
      ++layers;
    }
  }
  EXPECT_EQ(layers, 32);
  // Turned round and twice the same.
  Load(model, {3, 3});
  const StateDict twice = Parameters(model);
  for (const char* i : {"0", "1"}) {
    EXPECT_TRUE(
        at::equal(twice.at(fmt::format(
                      "visual_bert.encoder.layer.{}.output.dense.bias", i)),
                  deep.at("encoder.layer.3.output.dense.bias")));
  }
}

TEST_F(Pretrained, LayersThatDoNotFitAreNamed) {
  Write(TinyBert(4), DeepConfig());
  Classifier model(TinyOptions(3), 1);
  EXPECT_THAT(Refused(model),
              HasSubstr("the model has 2 layers and init takes 4"));
  EXPECT_THAT(Refused(model, {0}),
              HasSubstr("the model has 2 layers and init takes 1"));
  EXPECT_THAT(Refused(model, {0, 4}),
              HasSubstr("init.layers names layer 4 of 4 (counted from 0)"));
}

TEST_F(Pretrained, PiecesAreRowsOfTheWordEmbeddings) {
  Write(bert_);
  ClassifierOptions options = TinyOptions(3);
  options.bert.vocabulary = 4;
  Classifier model(options, 1);
  const WeightsOrigin origin = Load(model, {}, {{1, 2, 5, 10}, 11});
  const at::Tensor &words = bert_.at("embeddings.word_embeddings.weight"),
                   ours = Parameters(model).at(
                       "visual_bert.embeddings.word_embeddings.weight");
  ASSERT_EQ(ours.size(0), 4);
  EXPECT_TRUE(at::equal(ours[0], words[1]));
  EXPECT_TRUE(at::equal(ours[1], words[2]));
  EXPECT_TRUE(at::equal(ours[2], words[5]));
  EXPECT_TRUE(at::equal(ours[3], words[10]));
  EXPECT_TRUE(at::equal(origin.words, words)) << "all of them are kept";
}

TEST_F(Pretrained, RowsBeyondTheVocabularyArePadding) {
  StateDict state = bert_;
  at::Tensor padded = at::full({16, 8}, 77.0);
  padded.narrow(0, 0, 11).copy_(bert_.at("embeddings.word_embeddings.weight"));
  state["embeddings.word_embeddings.weight"] = padded;
  Write(state);
  Classifier model(TinyOptions(3), 1);
  const WeightsOrigin origin = Load(model);
  EXPECT_THAT(origin.left_out,
              ElementsAre("visual_bert.embeddings.word_embeddings.weight: its "
                          "last 5 rows, beyond the vocabulary"));
  EXPECT_EQ(CountEqual(Parameters(model), bert_),
            static_cast<int>(bert_.size()));
  EXPECT_TRUE(
      at::equal(origin.words, bert_.at("embeddings.word_embeddings.weight")));
}

TEST_F(Pretrained, AnotherVocabularyIsRefused) {
  Write(bert_);
  Classifier model(TinyOptions(3), 1);
  KeptPieces pieces = WholeVocabulary();
  pieces.total = 12;
  EXPECT_THAT(Refused(model, {}, pieces),
              HasSubstr("word embeddings are [11, 8] and the vocabulary has 12 "
                        "pieces"));
}

TEST_F(Pretrained, FoldersWithoutFilesAreNamed) {
  Classifier model(TinyOptions(3), 1);
  EXPECT_THAT(ErrorOf([&] { Load(model); }),
              HasSubstr(tree_.Path("config.json")));
  tree_.Write("config.json", "{}");
  EXPECT_THAT(
      ErrorOf([&] { Load(model); }),
      AllOf(HasSubstr(tree_.root().string()), HasSubstr("pytorch_model.bin")));
}

TEST_F(Pretrained, HalfPrecisionFilesAreRead) {
  StateDict halves;
  for (const auto& [name, tensor] : bert_) halves[name] = tensor.to(at::kHalf);
  Write(halves);
  Classifier model(TinyOptions(3), 1);
  Load(model);
  for (auto& item : halves) item.second = item.second.to(at::kFloat);
  EXPECT_EQ(CountEqual(Parameters(model), halves),
            static_cast<int>(halves.size()));
}

}  // namespace
}  // namespace msdbench
