// No import leaves files of other weights beside the new ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "baselines/models/weights_import.h"
#include "reports/json_file.h"
#include "tests/baselines/models/hashed_weights.h"
#include "tests/baselines/models/tiny_bert.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WeightsImportPlace : public testing::Test {
 protected:
  WeightsImportPlace() {
    options_.from = tree_.root() / "from";
    options_.out = tree_.root() / "out";
    fs::create_directories(options_.from);
  }
  void WriteText() const {
    StateDict state = TinyBert(1);
    state["embeddings.word_embeddings.weight"] =
        at::arange(48, at::kFloat).view({6, 8});
    WriteState(state, options_.from / "model.safetensors");
    tree_.Write("from/config.json", R"({"model_type": "bert"})");
    tree_.Write("from/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n");
  }
  // Refused with the file's name, and the folder stays as it is.
  void ExpectRefused(const std::string& name) const {
    const auto content = [&] {
      std::map<std::string, std::string> files;
      for (const auto& entry : fs::directory_iterator(options_.out)) {
        files[entry.path().filename().string()] = ReadTextFile(entry.path());
      }
      return files;
    };
    const auto before = content();
    EXPECT_THAT(
        ErrorOf([&] { ImportWeights(options_); }, ExitCode::kUsage),
        HasSubstr("beside the new ones: " + name + "; remove them or name"));
    EXPECT_EQ(content(), before);
  }

  Tree tree_;
  ImportOptions options_;
};

TEST_F(WeightsImportPlace, OtherFilesOfATextModelAreRefusedByName) {
  WriteText();
  for (const char* name :
       {"tokenizer.json", "special_tokens_map.json", "added_tokens.json",
        "model.safetensors.index.json", "model-00001-of-00002.safetensors",
        "pytorch_model.bin", "pytorch_model-00001-of-00002.bin"}) {
    tree_.Write(std::string("out/") + name, "{}");
    ExpectRefused(name);
    tree_.Remove(std::string("out/") + name);
  }
  tree_.Write("out/tokenizer.json", "{}");
  tree_.Write("out/pytorch_model.bin", "x");
  ExpectRefused("pytorch_model.bin, tokenizer.json");
  tree_.Remove("out/tokenizer.json");
  tree_.Remove("out/pytorch_model.bin");
  // What belongs to nobody's weights stays, and an import may be done again.
  tree_.Write("out/README.md", "mine");
  ImportWeights(options_);
  EXPECT_EQ(ImportWeights(options_).architecture, "bert");
  EXPECT_EQ(ReadTextFile(options_.out / "README.md"), "mine");
}

TEST_F(WeightsImportPlace, ATextModelsFolderTakesNoImageWeights) {
  WriteText();
  ImportWeights(options_);
  tree_.Remove("from/config.json");
  WriteState(HashedState("resnet18"), options_.from / "model.safetensors");
  ExpectRefused("tokenizer_config.json, vocab.txt");
  options_.out = tree_.root() / "image";
  tree_.Write("image/preprocessor_config.json", "{}");
  ExpectRefused("preprocessor_config.json");
  tree_.Remove("image/preprocessor_config.json");
  ImportWeights(options_);
  EXPECT_EQ(ImportWeights(options_).architecture, "resnet18");
}

}  // namespace
}  // namespace msdbench
