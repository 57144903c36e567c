#include "baselines/models/weights_import.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baselines/models/grid_backbone.h"
#include "reports/json_file.h"
#include "tests/baselines/models/hashed_weights.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kBertConfig =
    R"({"model_type": "bert", "vocab_size": 6})";
constexpr const char* kTokenizer = R"({"version": "1.0", "model": {
  "type": "WordPiece", "unk_token": "[UNK]",
  "vocab": {"[PAD]": 0, "##b": 5, "[UNK]": 1, "[CLS]": 2, "a": 4, "[SEP]": 3}
}})";

class WeightsImport : public testing::Test {
 protected:
  WeightsImport() {
    options_.from = tree_.root() / "from";
    options_.out = tree_.root() / "out";
    fs::create_directories(options_.from);
  }
  // Of six pieces; enough to be taken for a BERT.
  StateDict Words(std::int64_t pieces = 6) const {
    return {{"embeddings.word_embeddings.weight",
             at::arange(pieces * 2, at::kFloat).view({pieces, 2})},
            {"embeddings.LayerNorm.bias", at::ones({2}, at::kHalf)},
            {"embeddings.position_ids", at::arange(4)}};
  }
  void WriteFrom(const StateDict& state) const {
    WriteState(state, options_.from / "model.safetensors");
  }
  ImportedWeights Import() const { return ImportWeights(options_); }
  std::string Refused() const {
    return ErrorOf([&] { Import(); });
  }
  std::string Out(const std::string& name) const {
    return ReadTextFile(options_.out / name);
  }

  Tree tree_;
  ImportOptions options_;
};

TEST_F(WeightsImport, VocabularyOutOfTokenizerJson) {
  WriteFrom(Words());
  tree_.Write("from/config.json", kBertConfig);
  tree_.Write("from/tokenizer.json", kTokenizer);
  const ImportedWeights imported = Import();
  EXPECT_EQ(imported.architecture, "bert");
  EXPECT_EQ(imported.tensors, 2);
  EXPECT_EQ(imported.parameters, 14);
  EXPECT_EQ(Out("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\n");
  EXPECT_EQ(Json::parse(Out("config.json")), Json::parse(kBertConfig));
  const StateDict state = ReadStateDict(options_.out / "model.safetensors");
  EXPECT_EQ(state.size(), 2U) << "counters are no weights";
  EXPECT_TRUE(at::equal(state.at("embeddings.word_embeddings.weight"),
                        at::arange(12, at::kFloat).view({6, 2})));
  EXPECT_TRUE(at::equal(state.at("embeddings.LayerNorm.bias"), at::ones({2})));
}

// BERT's has 30,522; objects of so many keys are refused elsewhere.
TEST_F(WeightsImport, AWholeVocabularyOutOfTokenizerJson) {
  constexpr int kPieces = 30522;
  WriteFrom(Words(kPieces));
  tree_.Write("from/config.json", kBertConfig);
  std::string pieces = R"("[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3)";
  std::string lines = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n";
  for (int i = 4; i < kPieces; ++i) {
    const std::string word = "word" + std::to_string(i);
    pieces += ",\"" + word + "\":" + std::to_string(i);
    lines += word + "\n";
  }
  tree_.Write("from/tokenizer.json", R"({"model":{"vocab":{)" + pieces + "}}}");
  Import();
  EXPECT_EQ(Out("vocab.txt"), lines);
  tree_.Write("from/tokenizer.json", "{\"model\":");
  EXPECT_THAT(Refused(), HasSubstr("tokenizer.json: not valid JSON"));
}

TEST_F(WeightsImport, VocabularyOutOfVocabTxtComesFirst) {
  WriteFrom(Words());
  tree_.Write("from/config.json", R"({"model_type": "visual_bert"})");
  tree_.Write("from/tokenizer.json", kTokenizer);
  tree_.Write("from/vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nx\r\ny");
  EXPECT_EQ(Import().architecture, "visual_bert");
  EXPECT_EQ(Out("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\nx\ny\n");
  // But one that is named comes before it.
  tree_.Write("other.json", kTokenizer);
  options_.vocabulary = tree_.root() / "other.json";
  Import();
  EXPECT_EQ(Out("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\n");
}

TEST_F(WeightsImport, PytorchModelBin) {
  const fs::path fixtures = "tests/baselines/models/fixtures";
  fs::copy_file(fixtures / "torch_archive/tiny_bert.zip.pth",
                options_.from / "pytorch_model.bin");
  tree_.Write("from/config.json", R"({"model_type": "bert"})");
  tree_.Write("from/tokenizer.json", kTokenizer);
  EXPECT_EQ(Import().architecture, "bert");
  const StateDict state = ReadStateDict(options_.out / "model.safetensors");
  EXPECT_TRUE(at::equal(state.at("bert.embeddings.word_embeddings.weight"),
                        at::arange(12, at::kFloat).view({6, 2}) / 4));
  // The file itself may be named; what it needs lies beside it.
  options_.from /= "pytorch_model.bin";
  EXPECT_EQ(Import().tensors, static_cast<std::int64_t>(state.size()));
}

TEST_F(WeightsImport, WrongVocabulariesAreNamed) {
  WriteFrom(Words());
  tree_.Write("from/config.json", kBertConfig);
  EXPECT_THAT(Refused(), AllOf(HasSubstr(options_.from.string()),
                               HasSubstr("neither vocab.txt nor "
                                         "tokenizer.json"),
                               HasSubstr("--vocabulary")));
  const std::string file = tree_.Path("from/tokenizer.json");
  const auto error = [&](const std::string& vocabulary) {
    tree_.Write("from/tokenizer.json", vocabulary);
    const std::string what = Refused();
    EXPECT_THAT(what, HasSubstr(file));
    return what;
  };
  for (const char* none :
       {"{}", "[]", "3", R"({"model": null})", R"({"model": []})",
        R"({"model": {"vocab": {}}})", R"({"model": {"vocab": null}})",
        R"({"model": {"vocab": [["a", -1.5], ["b", -2]]}})"}) {
    EXPECT_THAT(error(none), HasSubstr("no word pieces")) << none;
  }
  for (const char* ids :
       {R"({"a": 1})", R"({"a": 0, "b": 2})", R"({"a": 0, "b": -1})",
        R"({"a": 0.0})", R"({"a": "0"})", R"({"a": 0, "b": 0})"}) {
    EXPECT_THAT(error(std::string(R"({"model": {"vocab": )") + ids + "}}"),
                HasSubstr("ids must be 0, 1, 2"))
        << ids;
  }
  EXPECT_THAT(error(R"({"model": {"vocab": {"[PAD]": 0, "a": 1}}})"),
              HasSubstr("[UNK]"));
  EXPECT_THAT(error("{"), HasSubstr("not valid JSON"));
  // A sound vocabulary, but of another model.
  tree_.Write("from/tokenizer.json", kTokenizer);
  WriteFrom(Words(7));
  EXPECT_THAT(Refused(), AllOf(HasSubstr(tree_.Path("from/model.safetensors")),
                               HasSubstr("has 7 rows and the vocabulary 6")));
  EXPECT_FALSE(fs::exists(options_.out));
}

TEST_F(WeightsImport, OtherTextModelsAreRefused) {
  WriteFrom(Words());
  tree_.Write("from/tokenizer.json", kTokenizer);
  EXPECT_THAT(Refused(), HasSubstr(tree_.Path("from/config.json")));
  for (const auto& [config, shown] :
       {std::pair{R"({"model_type": "roberta"})", "\"roberta\""},
        std::pair{R"({"model_type": 3})", "3"}, std::pair{"[]", "null"}}) {
    tree_.Write("from/config.json", config);
    EXPECT_THAT(Refused(), AllOf(HasSubstr(tree_.Path("from/config.json")),
                                 HasSubstr(std::string("model_type ") + shown),
                                 HasSubstr("bert, visual_bert")));
  }
}

TEST_F(WeightsImport, UnknownFilesAreOneClearLine) {
  const std::string folder = options_.from.string();
  EXPECT_THAT(Refused(),
              AllOf(HasSubstr(folder), HasSubstr("model.safetensors"),
                    HasSubstr("pytorch_model.bin")));
  WriteFrom({{"lstm.weight", at::zeros({2})}});
  EXPECT_THAT(Refused(), AllOf(HasSubstr(folder), HasSubstr("neither BERT's"),
                               HasSubstr("resnet18, resnet50")));
  tree_.Write("from/weights.bin", "no weights at all");
  options_.from = tree_.root() / "from/weights.bin";
  EXPECT_THAT(Refused(), HasSubstr(tree_.Path("from/weights.bin")));
  options_.from = tree_.root() / "nowhere";
  EXPECT_THAT(Refused(),
              AllOf(HasSubstr("nowhere"), HasSubstr("no such file or folder")));
}

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
