#include <ATen/ATen.h>
#include <ATen/core/Dict.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <cmath>
#include <map>

#include "datasets/text/tokenizer_folder.h"
#include "reports/json_file.h"
#include "tests/baselines/models/import_folders.h"

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

TEST_F(WeightsImport, VocabularyOutOfTokenizerJson) {
  WriteFrom(Words());
  tree_.Write("from/config.json", kBertConfig);
  tree_.Write("from/tokenizer.json", kTokenizer);
  const ImportedWeights imported = Import();
  EXPECT_EQ(imported.architecture, "bert");
  // Three tables, a norm, a layer, a pooler.
  EXPECT_EQ(imported.tensors, 3 + 2 + 16 + 2);
  EXPECT_EQ(imported.parameters, (6 + 8 + 2) * 8 + 16 + 4 * (8 * 8 + 8) +
                                     2 * 16 + (12 * 8 + 12) + (8 * 12 + 8) +
                                     (8 * 8 + 8));
  EXPECT_EQ(Out("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\n");
  EXPECT_EQ(Json::parse(Out("config.json")), Json::parse(kBertConfig));
  const StateDict state = ReadStateDict(options_.out / "model.safetensors");
  EXPECT_EQ(state.size(), 23U) << "counters are no weights";
  EXPECT_TRUE(at::equal(state.at("embeddings.word_embeddings.weight"),
                        at::arange(48, at::kFloat).view({6, 8})));
  EXPECT_TRUE(at::equal(state.at("embeddings.LayerNorm.bias"), at::ones({8})));
}

// BERT's has 30,522; objects of so many keys are refused elsewhere.
TEST_F(WeightsImport, AWholeVocabularyOutOfTokenizerJson) {
  constexpr int kPieces = 30522;
  WriteFrom(Words(kPieces));
  tree_.Write("from/config.json", R"({"vocab_size": 30522})");
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

TEST_F(WeightsImport, ANamedVocabularyComesBeforeTheOneBeside) {
  WriteFrom(Words());
  tree_.Write("from/config.json", R"({"model_type": "visual_bert"})");
  tree_.Write("from/vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nx\r\ny");
  EXPECT_EQ(Import().architecture, "visual_bert");
  EXPECT_EQ(Out("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\nx\ny\n");
  tree_.Write("other.json", kTokenizer);
  options_.vocabulary = tree_.root() / "other.json";
  Import();
  EXPECT_EQ(Out("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\n");
  // Two beside the weights must be one.
  tree_.Write("from/tokenizer.json", kTokenizer);
  options_.vocabulary = "";
  EXPECT_THAT(Refused(), HasSubstr("are two vocabularies (piece 4 is \"x\" and "
                                   "\"a\")"));
}

// As torch.save writes it.
void WriteArchive(const c10::IValue& value, const fs::path& file) {
  const std::vector<char> bytes = torch::jit::pickle_save(value);
  WriteFileAtomically(file, std::string_view(bytes.data(), bytes.size()));
}

c10::IValue AsDictionary(const StateDict& state) {
  c10::impl::GenericDict dictionary(c10::StringType::get(),
                                    c10::AnyType::get());
  for (const auto& [name, tensor] : state) dictionary.insert(name, tensor);
  return dictionary;
}

c10::IValue Wrapped(const std::string& name, const c10::IValue& inside) {
  c10::impl::GenericDict outer(c10::StringType::get(), c10::AnyType::get());
  outer.insert("epoch", 3);
  outer.insert(name, inside);
  return outer;
}

TEST_F(WeightsImport, PytorchModelBinInAnyWrapper) {
  tree_.Write("from/config.json", R"({"model_type": "bert"})");
  tree_.Write("from/tokenizer.json", kTokenizer);
  const StateDict words = Words();
  const auto whole = [&](const c10::IValue& value) {
    WriteArchive(value, options_.from / "pytorch_model.bin");
    EXPECT_EQ(Import().architecture, "bert");
    const StateDict state = ReadStateDict(options_.out / "model.safetensors");
    EXPECT_EQ(state.size(), words.size() - 1);
    EXPECT_TRUE(at::equal(state.at("embeddings.word_embeddings.weight"),
                          words.at("embeddings.word_embeddings.weight")));
  };
  {
    SCOPED_TRACE("bare");
    whole(AsDictionary(words));
  }
  for (const char* name : {"model", "state_dict", "model_state_dict",
                           "model_state", "any_other_name"}) {
    SCOPED_TRACE(name);
    whole(Wrapped(name, AsDictionary(words)));
    whole(Wrapped("model", Wrapped(name, AsDictionary(words))));
  }
  // The file itself may be named; what it needs lies beside it.
  options_.from /= "pytorch_model.bin";
  EXPECT_EQ(Import().architecture, "bert");
  // Which of two?
  c10::impl::GenericDict two(c10::StringType::get(), c10::AnyType::get());
  two.insert("student", AsDictionary(words));
  two.insert("ema", AsDictionary(words));
  WriteArchive(two, options_.from);
  EXPECT_THAT(Refused(), HasSubstr("several dictionaries of tensors"));
}

TEST_F(WeightsImport, OneOfThePartsOfABertIsNoBert) {
  const fs::path fixtures = "tests/baselines/models/fixtures";
  fs::copy_file(fixtures / "torch_archive/tiny_bert.zip.pth",
                options_.from / "pytorch_model.bin");
  tree_.Write("from/config.json", R"({"model_type": "bert"})");
  tree_.Write("from/tokenizer.json", kTokenizer);
  EXPECT_THAT(Refused(),
              AllOf(HasSubstr(tree_.Path("from/pytorch_model.bin")),
                    HasSubstr("missing visual_bert.embeddings.LayerNorm.bias"),
                    HasSubstr("position_embeddings.weight")));
}

TEST_F(WeightsImport, ConfigJsonMustBeTheTensors) {
  WriteFrom(Words());
  tree_.Write("from/tokenizer.json", kTokenizer);
  for (const auto& [key, value] :
       std::map<std::string, int>{{"num_hidden_layers", 2},
                                  {"hidden_size", 16},
                                  {"vocab_size", 7},
                                  {"max_position_embeddings", 9},
                                  {"type_vocab_size", 1},
                                  {"intermediate_size", 13}}) {
    tree_.Write("from/config.json", Json{{key, value}}.dump());
    EXPECT_THAT(Refused(), HasSubstr(fmt::format("has {} {} and the tensors",
                                                 key, value)));
  }
  EXPECT_FALSE(fs::exists(options_.out));
}

TEST_F(WeightsImport, NanAndInfAreRefusedByName) {
  tree_.Write("from/tokenizer.json", kTokenizer);
  tree_.Write("from/config.json", kBertConfig);
  StateDict state = Words();
  state["embeddings.word_embeddings.weight"][5][1] = NAN;
  state["pooler.dense.bias"][0] = -INFINITY;
  // Beyond float32.
  state["encoder.layer.0.output.dense.bias"] =
      at::full({8}, 1e300, at::kDouble);
  WriteFrom(state);
  EXPECT_THAT(Refused(),
              AllOf(HasSubstr("embeddings.word_embeddings.weight holds NaN"),
                    HasSubstr("pooler.dense.bias holds NaN or Inf"),
                    HasSubstr("encoder.layer.0.output.dense.bias holds")));
  state = Words();
  state["cls.predictions.bias"] = at::empty({0});
  WriteFrom(state);
  EXPECT_THAT(Refused(), HasSubstr("cls.predictions.bias has no elements"));
  StateDict image = HashedState("resnet18");
  image["bn1.running_var"][3] = NAN;
  WriteFrom(image);
  EXPECT_THAT(Refused(), HasSubstr("bn1.running_var holds NaN or Inf"));
  image["bn1.running_var"][3] = -1;
  WriteFrom(image);
  tree_.Remove("from/config.json");
  EXPECT_THAT(Refused(), HasSubstr("bn1.running_var has values below 0"));
  EXPECT_FALSE(fs::exists(options_.out));
}

TEST_F(WeightsImport, EveryFloatTypeIsExact) {
  tree_.Write("from/tokenizer.json", kTokenizer);
  tree_.Write("from/config.json", kBertConfig);
  for (const at::ScalarType type : {at::kHalf, at::kBFloat16, at::kDouble}) {
    StateDict state = Words();
    for (auto& item : state) {
      if (item.first != "embeddings.position_ids") {
        item.second = item.second.to(type);
      }
    }
    WriteFrom(state);
    EXPECT_THAT(Import().notes.size(), type == at::kDouble ? 2U : 1U);
    const StateDict out = ReadStateDict(options_.out / "model.safetensors");
    for (const auto& [name, tensor] : out) {
      EXPECT_TRUE(at::equal(tensor.to(type), state.at(name))) << name;
    }
  }
}

TEST_F(WeightsImport, TheTokenizersSettingsComeAlong) {
  WriteFrom(Words());
  tree_.Write("from/config.json", kBertConfig);
  tree_.Write("from/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nPolish\npolish\n");
  EXPECT_THAT(Refused(), HasSubstr("1 pieces have capitals"));
  tree_.Write("from/tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_THAT(Import().notes, Contains(HasSubstr("texts keep their case")));
  const Json config = Json::parse(Out("tokenizer_config.json"));
  EXPECT_EQ(config["do_lower_case"], false);
  EXPECT_EQ(ReadTokenizer(options_.out).pieces.Encode("Polish polish"),
            (std::vector<std::int32_t>{4, 5}));
  // Those of the vocabulary that is named come before those of the weights.
  tree_.Write("other/vocab.txt",
              "[PAD]\n[UNK]\n[CLS]\n[SEP]\npolish\nberlin\n");
  tree_.Write("other/tokenizer_config.json", R"({"do_lower_case": true})");
  options_.vocabulary = tree_.root() / "other/vocab.txt";
  EXPECT_THAT(Import().notes, Contains(HasSubstr("texts are lower-cased")));
}

TEST_F(WeightsImport, WrappersAreTakenOffAndTheRestIsListed) {
  tree_.Write("from/config.json", kBertConfig);
  tree_.Write("from/tokenizer.json", kTokenizer);
  StateDict state;
  for (const auto& [name, tensor] : Words(8)) {
    state["module.model.bert." + name] = tensor;
  }
  state["module.model.classifier.1.weight"] = at::ones({2, 8});
  state["module.model.bert.embeddings.token_type_embeddings_visual.weight"] =
      at::ones({2, 8});
  WriteFrom(state);
  tree_.Write("from/config.json", R"({"vocab_size": 8})");
  const ImportedWeights imported = Import();
  EXPECT_THAT(imported.notes,
              AllOf(Contains("not part of a VisualBERT, so not used: "
                             "classifier.1.weight"),
                    Contains(HasSubstr("the last 2 of 8 rows of the word "
                                       "embeddings"))));
  StateDict image;
  for (const auto& [name, tensor] : HashedState("resnet18")) {
    image["module.backbone." + name] = tensor;
  }
  image["module.head.weight"] = at::ones({2});
  tree_.Remove("from/config.json");
  options_.out = tree_.root() / "image";
  WriteFrom(image);
  EXPECT_THAT(Import().notes,
              Contains("not needed for visual tokens: fc.bias, fc.weight, "
                       "module.head.weight"));
  EXPECT_EQ(ReadStateDict(options_.out / "model.safetensors").size(),
            HashedState("resnet18").size());
}

// Half of the tensors each.
class ShardedImport : public WeightsImport {
 protected:
  ShardedImport() {
    tree_.Write("from/tokenizer.json", kTokenizer);
    tree_.Write("from/config.json", kBertConfig);
    for (const auto& [name, tensor] : words_) {
      const bool first = name < "encoder.layer.0.i";
      (first ? one_ : two_)[name] = tensor;
      map_[name] = first ? kOne : kTwo;
    }
    WriteState(one_, options_.from / kOne);
    WriteState(two_, options_.from / kTwo);
    WriteIndex();
  }
  void WriteIndex() const {
    tree_.Write("from/model.safetensors.index.json",
                Json{{"weight_map", map_}}.dump());
  }

  static constexpr const char* kOne = "model-00001-of-00002.safetensors";
  static constexpr const char* kTwo = "model-00002-of-00002.safetensors";
  const StateDict words_ = Words();
  StateDict one_, two_;
  Json map_;
};

TEST_F(ShardedImport, ShardsAreReadWhole) {
  EXPECT_EQ(Import().tensors, 23);
  const StateDict state = ReadStateDict(options_.out / "model.safetensors");
  for (const auto& [name, tensor] : state) {
    EXPECT_TRUE(at::equal(tensor, words_.at(name).to(at::kFloat))) << name;
  }
  options_.from /= "model.safetensors.index.json";
  EXPECT_EQ(Import().tensors, 23);
  EXPECT_EQ(WeightsFiles(options_.from).size(), 3U);
}

TEST_F(ShardedImport, OneShardIsRefused) {
  const fs::path folder = options_.from;
  options_.from = folder / kOne;
  EXPECT_THAT(Refused(), AllOf(HasSubstr(std::string(kOne)),
                               HasSubstr("one of 2 shards")));
  // Its name alone says so.
  tree_.Remove("from/model.safetensors.index.json");
  EXPECT_THAT(Refused(), HasSubstr("one of 2 shards"));
  // Or the index alone.
  fs::rename(folder / kOne, folder / "a.safetensors");
  fs::rename(folder / kTwo, folder / "b.safetensors");
  for (auto& item : map_.items()) {
    item.value() = item.value() == kOne ? "a.safetensors" : "b.safetensors";
  }
  WriteIndex();
  options_.from = folder / "b.safetensors";
  EXPECT_THAT(Refused(), HasSubstr("one of the shards of "
                                   "model.safetensors.index.json"));
  options_.from = folder;
  EXPECT_EQ(Import().tensors, 23);
}

TEST_F(ShardedImport, BrokenIndicesAreNamed) {
  const std::string index = tree_.Path("from/model.safetensors.index.json");
  const auto refused = [&] {
    const std::string what = Refused();
    EXPECT_THAT(what, HasSubstr(index));
    return what;
  };
  const Json sound = map_;
  map_["encoder.layer.0.output.dense.bias"] = kOne;
  WriteIndex();
  EXPECT_THAT(refused(), HasSubstr("encoder.layer.0.output.dense.bias is in " +
                                   std::string(kTwo)));
  map_ = sound;
  map_["pooler.more"] = kTwo;
  WriteIndex();
  EXPECT_THAT(refused(), HasSubstr("pooler.more is not in "));
  for (const Json& place : {Json("../x.safetensors"), Json(3), Json("")}) {
    map_["pooler.more"] = place;
    WriteIndex();
    EXPECT_THAT(refused(), HasSubstr("the name of a file beside it"));
  }
  map_ = sound;
  WriteIndex();
  tree_.Remove(std::string("from/") + kTwo);
  EXPECT_THAT(refused(), HasSubstr(std::string(kTwo) + " is missing"));
  for (const char* text : {"{", "[]", "{}", R"({"weight_map": {}})"}) {
    tree_.Write("from/model.safetensors.index.json", text);
    EXPECT_THAT(refused(), HasSubstr("/weight_map"));
  }
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
  WriteFrom(Words(5));
  EXPECT_THAT(Refused(), AllOf(HasSubstr(tree_.Path("from/model.safetensors")),
                               HasSubstr("has 5 rows and the vocabulary 6")));
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

}  // namespace
}  // namespace msdbench
