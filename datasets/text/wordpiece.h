// BERT's tokenizer: basic cleaning and splitting, then greedy WordPiece.
// Same ids as HuggingFace's BertTokenizer (slow, uncased or cased).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datasets/text/basic_tokenizer.h"

namespace msdbench {

// What a vocabulary calls the tokens that stand for no word.
struct SpecialNames {
  std::string pad = "[PAD]", unk = "[UNK]", cls = "[CLS]", sep = "[SEP]",
              mask = "[MASK]";

  bool operator==(const SpecialNames& other) const;
};

class Vocabulary {
 public:
  // Ids are positions. Throws DataError when pad, unk, cls and sep are not all
  // there, a token stands twice, is empty or is not valid UTF-8.
  explicit Vocabulary(std::vector<std::string> tokens,
                      const std::string& source = "vocabulary",
                      SpecialNames special = {});
  // vocab.txt: one token a line, LF or CR LF.
  static Vocabulary FromFile(const std::filesystem::path& file,
                             SpecialNames special = {});
  // For users without one: [PAD] [UNK] [CLS] [SEP] [MASK], every character
  // seen (also as ##continuation), then the commonest words of `texts`, up to
  // `size` tokens in all; ties in byte order, so the result is reproducible.
  // Where not even the characters fit, the commonest stay. Throws UsageError
  // when `size` has no room for the five special tokens.
  static Vocabulary FromTexts(const std::vector<std::string_view>& texts,
                              std::int64_t size);

  // -1 when absent.
  std::int32_t Id(std::string_view token) const;
  std::int32_t pad() const { return pad_; }
  std::int32_t unk() const { return unk_; }
  std::int32_t cls() const { return cls_; }
  std::int32_t sep() const { return sep_; }
  const std::vector<std::string>& tokens() const { return tokens_; }
  const SpecialNames& special() const { return special_; }

 private:
  std::vector<std::string> tokens_;
  SpecialNames special_;
  std::unordered_map<std::string, std::int32_t> ids_;
  std::int32_t pad_ = -1, unk_ = -1, cls_ = -1, sep_ = -1;
};

class WordPiece {
 public:
  struct Options {
    bool lower_case = true;
    std::int64_t max_word_characters = 100;  // longer words become [UNK]
    std::optional<bool> strip_accents;       // none = as lower_case
    bool space_ideographs = true;

    bool operator==(const Options& other) const;  // in effect
  };
  explicit WordPiece(Vocabulary vocabulary)
      : WordPiece(vocabulary, Options()) {}
  WordPiece(Vocabulary vocabulary, Options options);

  // Word pieces of any bytes (invalid UTF-8 is read as U+FFFD, as Python's
  // errors="replace" does), without [CLS] and [SEP].
  std::vector<std::int32_t> Encode(std::string_view text) const;
  // The basic tokenizer alone: cleaned, lower-cased, split words.
  std::vector<std::string> Words(std::string_view text) const;

  const Vocabulary& vocabulary() const { return vocabulary_; }
  const Options& options() const { return options_; }

 private:
  Vocabulary vocabulary_;
  Options options_;
  BasicOptions basic_;
};

}  // namespace msdbench
