#include "datasets/text/tokenizer_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/datasets/tree.h"
#include "tests/golden.h"

namespace msdbench {
namespace {

using Ids = std::vector<std::int32_t>;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// 4 polish, 5 Polish, 6 cafe, 7 café.
constexpr const char* kCased =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\npolish\nPolish\ncafe\ncafé\n";
constexpr const char* kUncased =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\npolish\nberlin\ncafe\nmarch\n";

class TokenizerFolder : public testing::Test {
 protected:
  StoredTokenizer Read() const { return ReadTokenizer(tree_.root()); }
  Ids Encode(const std::string& text) const {
    return Read().pieces.Encode(text);
  }
  std::string Refused() const {
    return ErrorOf([&] { Read(); });
  }

  Tree tree_;
};

TEST_F(TokenizerFolder, EveryPlaceThatSaysItKeepsTheCase) {
  const std::vector<std::pair<std::string, std::string>> places = {
      {"tokenizer_config.json", R"({"do_lower_case": false})"},
      {"config.json", R"({"do_lower_case": false})"},
      {"tokenizer.json",
       R"({"normalizer": {"type": "BertNormalizer", "lowercase": false},
           "model": {"vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3,
             "polish": 4, "Polish": 5, "cafe": 6, "café": 7}}})"}};
  tree_.Write("vocab.txt", kCased);
  for (const auto& [file, text] : places) {
    tree_.Write(file, text);
    EXPECT_EQ(Encode("Polish polish POLISH café"), (Ids{5, 4, 1, 7})) << file;
    tree_.Remove(file);
  }
}

TEST_F(TokenizerFolder, NothingSaidIsLowerCase) {
  tree_.Write("vocab.txt", kUncased);
  EXPECT_EQ(Encode("Polish POLISH Café"), (Ids{4, 4, 6}));
  EXPECT_THAT(Read().differences, IsEmpty());
}

TEST_F(TokenizerFolder, CapitalsNeedAWord) {
  tree_.Write("vocab.txt", kCased);
  EXPECT_THAT(Refused(),
              AllOf(HasSubstr(tree_.Path("vocab.txt")),
                    HasSubstr("1 pieces have capitals (the first: \"Polish\")"),
                    HasSubstr("do_lower_case")));
  tree_.Write("tokenizer_config.json", R"({"do_lower_case": true})");
  EXPECT_EQ(Encode("Polish"), Ids{4});
  EXPECT_THAT(Read().differences, Contains(HasSubstr("never reach")));
  // Marks of other purposes are no words.
  tree_.Remove("tokenizer_config.json");
  tree_.Write("vocab.txt", std::string(kUncased) + "[unused1]\n[X]\n<URL>\n");
  EXPECT_EQ(Encode("Polish"), Ids{4});
}

TEST_F(TokenizerFolder, AccentsAndHanAreSettingsOfTheirOwn) {
  tree_.Write("vocab.txt", kCased);
  tree_.Write("tokenizer_config.json",
              R"({"do_lower_case": true, "strip_accents": false})");
  EXPECT_EQ(Encode("Café cafe"), (Ids{7, 6}));
  tree_.Write("tokenizer_config.json",
              R"({"do_lower_case": false, "strip_accents": true})");
  EXPECT_EQ(Encode("café Polish"), (Ids{6, 5}));
  tree_.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n中文\n中\n文\n");
  tree_.Write("tokenizer_config.json", R"({"tokenize_chinese_chars": false})");
  EXPECT_EQ(Encode("中文"), Ids{4});
  tree_.Write("tokenizer_config.json", R"({"strip_accents": null})");
  EXPECT_EQ(Encode("中文"), (Ids{5, 6}));
}

TEST_F(TokenizerFolder, SpecialTokensMayHaveOtherNames) {
  tree_.Write("vocab.txt", "<p>\n<u>\n<s>\n</s>\npolish\n");
  tree_.Write("special_tokens_map.json",
              R"({"pad_token": "<p>", "cls_token": {"content": "<s>"}})");
  tree_.Write("tokenizer_config.json",
              R"({"unk_token": "<u>", "sep_token": "</s>",
                  "cls_token": "<s>"})");
  const StoredTokenizer stored = Read();
  const Vocabulary& vocabulary = stored.pieces.vocabulary();
  EXPECT_EQ(vocabulary.pad(), 0);
  EXPECT_EQ(vocabulary.cls(), 2);
  EXPECT_EQ(vocabulary.sep(), 3);
  EXPECT_EQ(stored.pieces.Encode("polish x </s>"), (Ids{4, 1, 3}));
  tree_.Write("special_tokens_map.json", R"({"cls_token": "[CLS]"})");
  EXPECT_THAT(Refused(), AllOf(HasSubstr("/cls_token is \"<s>\""),
                               HasSubstr("/cls_token is \"[CLS]\""),
                               HasSubstr("must agree")));
}

TEST_F(TokenizerFolder, FilesThatDisagreeAreRefused) {
  tree_.Write("vocab.txt", kCased);
  tree_.Write("tokenizer_config.json", R"({"do_lower_case": false})");
  tree_.Write("tokenizer.json",
              R"({"normalizer": {"type": "BertNormalizer", "lowercase": true},
                  "model": {"vocab": {}}})");
  EXPECT_THAT(Refused(),
              AllOf(HasSubstr("tokenizer.json: /normalizer/lowercase is true"),
                    HasSubstr("tokenizer_config.json: /do_lower_case is false"),
                    HasSubstr("must agree")));
  tree_.Write("tokenizer.json",
              R"({"model": {"vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2,
                  "[SEP]": 3, "polish": 4, "polnish": 5}}})");
  EXPECT_THAT(Refused(), AllOf(HasSubstr("two vocabularies"),
                               HasSubstr(R"(5 is "Polish" and "polnish")")));
}

TEST_F(TokenizerFolder, WhatIsNotDoneIsRefused) {
  tree_.Write("vocab.txt", kUncased);
  for (const char* config :
       {R"({"do_basic_tokenize": false})", R"({"never_split": ["x"]})",
        R"({"do_split_on_punc": false})", R"({"do_lower_case": "no"})",
        R"({"tokenizer_class": "BertJapaneseTokenizer"})",
        R"({"max_input_chars_per_word": 0})", R"({"unk_token": 3})"}) {
    tree_.Write("tokenizer_config.json", config);
    EXPECT_THAT(Refused(), HasSubstr("tokenizer_config.json: /")) << config;
  }
  tree_.Remove("tokenizer_config.json");
  for (
      const char* json :
      {R"({"normalizer": null})", R"({"normalizer": {"type": "NFC"}})",
       R"({"normalizer": {"type": "BertNormalizer", "clean_text": false}})",
       R"({"pre_tokenizer": {"type": "Whitespace"}})",
       R"({"model": {"type": "BPE"}})",
       R"({"model": {"continuing_subword_prefix": "@@"}})",
       R"({"post_processor": {"type": "RobertaProcessing"}})",
       R"({"post_processor": {"type": "TemplateProcessing", "single": []}})"}) {
    tree_.Write("tokenizer.json", json);
    EXPECT_THAT(Refused(), HasSubstr("tokenizer.json: /")) << json;
  }
}

TEST_F(TokenizerFolder, WhatIsDoneOtherwiseIsTold) {
  tree_.Write("vocab.txt", kUncased);
  tree_.Write("tokenizer_config.json",
              R"({"truncation_side": "left", "model_max_length": 64})");
  tree_.Write("added_tokens.json", R"({"<tag>": 8})");
  EXPECT_THAT(Read().differences,
              AllOf(Contains(HasSubstr("truncation_side is \"left\"")),
                    Contains(HasSubstr("1 added tokens (the first: <tag>)"))));
  EXPECT_EQ(Read().max_tokens, 64);
  // HuggingFace's way to say that there is no limit.
  tree_.Write("tokenizer_config.json", R"({"model_max_length": 1e30})");
  EXPECT_EQ(Read().max_tokens, 0);
}

TEST_F(TokenizerFolder, AVocabularyAloneHasTheSettingsBesideIt) {
  tree_.Write("vocab.txt", kCased);
  tree_.Write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_EQ(ReadTokenizer(tree_.root() / "vocab.txt").pieces.Encode("Polish"),
            Ids{5});
  // Else those of another folder.
  tree_.Write("alone/other.txt", kCased);
  EXPECT_EQ(ReadTokenizer(tree_.root() / "alone/other.txt", tree_.root())
                .pieces.Encode("Polish"),
            Ids{5});
}

TEST_F(TokenizerFolder, WhatIsWrittenIsReadTheSame) {
  WordPiece::Options options;
  options.lower_case = false;
  options.strip_accents = true;
  options.space_ideographs = false;
  options.max_word_characters = 7;
  SpecialNames special;
  special.unk = "<u>";
  const std::vector<std::string> tokens = {"[PAD]", "<u>",    "[CLS]",
                                           "[SEP]", "Polish", "polish"};
  const WordPiece pieces(Vocabulary(tokens, "here", special), options);
  tree_.Write("vocab.txt", VocabularyText(tokens));
  tree_.Write("tokenizer_config.json", TokenizerConfig(pieces, 99).dump());
  const StoredTokenizer stored = Read();
  EXPECT_EQ(TokenizersDiffer(pieces, stored.pieces), "");
  EXPECT_EQ(stored.max_tokens, 99);
  EXPECT_THAT(stored.differences, IsEmpty());
  options.lower_case = true;
  EXPECT_THAT(
      TokenizersDiffer(pieces,
                       WordPiece(Vocabulary(tokens, "here", special), options)),
      HasSubstr("do_lower_case is false and true"));
}

class GoldenTokenizerSettings : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenTokenizerSettings);

// tokenizer.json files of every setting, read as their own library reads them.
TEST_P(GoldenTokenizerSettings, TokenizerJson) {
  MSDBENCH_GOLDEN_FILE(file, "tokenizer/settings.json");
  const Json golden = ReadJsonFile(file);
  const Tree tree;
  GoldenTally tally;
  for (const Json& one : golden.at("cases")) {
    Json stored = one.at("tokenizer");
    Json& vocabulary = stored["model"]["vocab"];
    for (const Json& piece : golden.at("pieces")) {
      vocabulary[piece.get<std::string>()] = vocabulary.size();
    }
    tree.Write("tokenizer.json", stored.dump());
    const WordPiece pieces = ReadTokenizer(tree.root()).pieces;
    for (std::size_t i = 0; i < golden.at("texts").size(); ++i) {
      const auto text = golden["texts"][i].get<std::string>();
      tally.Case("lower " + one["lower_case"].dump() + ", accents " +
                 one["strip_accents"].dump() + ", han " + one["han"].dump() +
                 ", longest " + one["longest"].dump() + ": " + text);
      tally.Equal("ids", pieces.Encode(text), one["ids"][i].get<Ids>());
    }
  }
}

}  // namespace
}  // namespace msdbench
