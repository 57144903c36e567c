// A tokenizer as HuggingFace's libraries store it, beside weights or alone:
// vocab.txt or tokenizer.json, and the settings that say how texts are read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/text/wordpiece.h"
#include "reports/json_file.h"

namespace msdbench {

struct StoredTokenizer {
  WordPiece pieces;
  std::int64_t max_tokens = 0;  // model_max_length; 0 = nothing says it
  // What the files say that is done otherwise here.
  std::vector<std::string> differences;
};

// `place`: a folder, or the vocabulary itself (vocab.txt, or a tokenizer.json
// under any name); settings lie beside it, in tokenizer_config.json,
// tokenizer.json, special_tokens_map.json and config.json. Where none of them
// says whether texts are lower-cased, they are, as BERT's tokenizer does unless
// told; but a vocabulary with capitals is refused then. Throws DataError where
// two files disagree, and for what WordPiece cannot do (another normaliser,
// splitter or model).
StoredTokenizer ReadTokenizer(const std::filesystem::path& place);

// The same with the settings beside `otherwise`, where those beside `place` say
// nothing about lower case.
StoredTokenizer ReadTokenizer(const std::filesystem::path& place,
                              const std::filesystem::path& otherwise);

// Whether a folder has a vocabulary.
bool HasTokenizer(const std::filesystem::path& folder);

// tokenizer_config.json, which HuggingFace's libraries read the same.
Json TokenizerConfig(const WordPiece& pieces, std::int64_t max_tokens = 0);

// vocab.txt: one token a line.
std::string VocabularyText(const std::vector<std::string>& tokens);

// "texts keep their case" and the like, for a person.
std::string DescribeTokenizer(const WordPiece& pieces);

// Why ids of the two do not mean the same; empty when they do.
std::string TokenizersDiffer(const WordPiece& ours, const WordPiece& theirs);

}  // namespace msdbench
