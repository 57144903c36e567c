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
using testing::UnorderedElementsAre;

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
