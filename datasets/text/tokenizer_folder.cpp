#include "datasets/text/tokenizer_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "datasets/text/tokenizer_settings.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

// The pieces of tokenizer.json's model.vocab in order of their ids. Added
// tokens may fill the end, as where a model was trained on with more of them.
std::vector<std::string> PiecesOf(const nlohmann::json& json,
                                  const std::string& source) {
  const nlohmann::json::json_pointer place("/model/vocab");
  if (!json.contains(place) || !json.at(place).is_object() ||
      json.at(place).empty()) {
    throw DataError(source + ": /model/vocab: no word pieces there");
  }
  const nlohmann::json& pieces = json.at(place);
  std::vector<std::string> words(pieces.size());
  for (const auto& [piece, id] : pieces.items()) {
    if (!id.is_number_unsigned() || id.get<std::size_t>() >= words.size() ||
        !words[id.get<std::size_t>()].empty()) {
      throw DataError(source +
                      ": /model/vocab: ids must be 0, 1, 2, ..., each once");
    }
    words[id.get<std::size_t>()] = piece;
  }
  return words;
}

// "line 7: \"a\", here \"b\""; empty when both are the same.
std::string FirstDifference(const std::vector<std::string>& ours,
                            const std::vector<std::string>& theirs) {
  const auto [a, b] =
      std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  if (a == ours.end() && b == theirs.end()) return "";
  const auto show = [](const auto& place, const auto& end) {
    return place == end ? std::string("nothing")
                        : fmt::format("\"{}\"", *place);
  };
  return fmt::format("piece {} is {} and {}", a - ours.begin(),
                     show(a, ours.end()), show(b, theirs.end()));
}

// Pieces that texts in lower case never reach; [UNK], [unused7], <s> aside.
std::vector<std::string> Capitals(const std::vector<std::string>& pieces) {
  std::vector<std::string> found;
  for (const std::string& piece : pieces) {
    const bool is_mark =
        piece.size() > 2 && ((piece.front() == '[' && piece.back() == ']') ||
                             (piece.front() == '<' && piece.back() == '>'));
    if (!is_mark && LowerCase(piece) != piece) found.push_back(piece);
  }
  return found;
}

}  // namespace

bool HasTokenizer(const fs::path& folder) {
  return IsThere(folder / "vocab.txt") || IsThere(folder / "tokenizer.json");
}

StoredTokenizer ReadTokenizer(const fs::path& place) {
  return ReadTokenizer(place, {});
}

StoredTokenizer ReadTokenizer(const fs::path& place,
                              const fs::path& otherwise) {
  const bool is_folder = IsFolder(place);
  const fs::path folder = is_folder ? place : place.parent_path();
  fs::path text, json;
  if (!is_folder) {
    (place.extension() == ".json" ? json : text) = place;
  }
  if (is_folder && IsThere(folder / "vocab.txt")) text = folder / "vocab.txt";
  if (json.empty() && IsThere(folder / "tokenizer.json")) {
    json = folder / "tokenizer.json";
  }
  if (text.empty() && json.empty()) {
    throw DataError(folder.string() +
                    ": neither vocab.txt nor tokenizer.json is there");
  }

  TokenizerSettings settings;
  settings.ReadFolder(folder);
  std::optional<nlohmann::json> stored;
  if (!json.empty()) {
    stored = ReadLargeJson(json);
    settings.ReadTokenizerJson(*stored, json.string());
  }
  std::error_code unlike;
  if (!settings.SaysCase() && !otherwise.empty() &&
      !fs::equivalent(folder.empty() ? "." : folder, otherwise, unlike)) {
    settings.ReadFolder(otherwise);
    const fs::path beside = otherwise / "tokenizer.json";
    if (IsThere(beside)) {
      settings.ReadTokenizerJson(ReadLargeJson(beside), beside.string());
    }
  }

  const std::string source = (text.empty() ? json : text).string();
  const SpecialNames special = settings.Special();
  Vocabulary vocabulary =
      text.empty() ? Vocabulary(PiecesOf(*stored, source), source, special)
                   : Vocabulary::FromFile(text, special);
  if (is_folder && !text.empty() && stored) {
    const std::string difference =
        FirstDifference(vocabulary.tokens(), PiecesOf(*stored, json.string()));
    if (!difference.empty()) {
      throw DataError(
          fmt::format("{} and {} are two vocabularies ({}): one must go",
                      text.string(), json.string(), difference));
    }
  }
  const WordPiece::Options options = settings.Options();
  std::vector<std::string> differences = settings.differences();
  if (options.lower_case) {
    const std::vector<std::string> capitals = Capitals(vocabulary.tokens());
    if (!capitals.empty() && !settings.SaysCase()) {
      throw DataError(fmt::format(
          "{}: {} pieces have capitals (the first: \"{}\") and nothing beside "
          "it says whether texts are lower-cased; put a tokenizer_config.json "
          "there with \"do_lower_case\" true or false",
          source, capitals.size(), capitals[0]));
    }
    if (!capitals.empty()) {
      differences.push_back(fmt::format(
          "{}: {} pieces have capitals (the first: \"{}\"), which "
          "lower-cased texts never reach",
          fs::path(source).filename().string(), capitals.size(), capitals[0]));
    }
  }
  return {WordPiece(std::move(vocabulary), options), settings.max_tokens(),
          std::move(differences)};
}

Json TokenizerConfig(const WordPiece& pieces, std::int64_t max_tokens) {
  const WordPiece::Options& options = pieces.options();
  const SpecialNames& special = pieces.vocabulary().special();
  Json config = {
      {"tokenizer_class", "BertTokenizer"},
      {"do_lower_case", options.lower_case},
      {"strip_accents", options.strip_accents.value_or(options.lower_case)},
      {"tokenize_chinese_chars", options.space_ideographs},
      {"max_input_chars_per_word", options.max_word_characters},
      {"pad_token", special.pad},
      {"unk_token", special.unk},
      {"cls_token", special.cls},
      {"sep_token", special.sep},
      {"mask_token", special.mask}};
  if (max_tokens > 0) config["model_max_length"] = max_tokens;
  return config;
}

std::string VocabularyText(const std::vector<std::string>& tokens) {
  return fmt::format("{}\n", fmt::join(tokens, "\n"));
}

std::string DescribeTokenizer(const WordPiece& pieces) {
  const WordPiece::Options& options = pieces.options();
  return fmt::format(
      "{} word pieces; texts {}, accents {}, Han characters {}",
      pieces.vocabulary().tokens().size(),
      options.lower_case ? "are lower-cased" : "keep their case",
      options.strip_accents.value_or(options.lower_case) ? "are stripped"
                                                         : "stay",
      options.space_ideographs ? "stand alone" : "stay in their words");
}

std::string TokenizersDiffer(const WordPiece& ours, const WordPiece& theirs) {
  const std::string pieces =
      FirstDifference(ours.vocabulary().tokens(), theirs.vocabulary().tokens());
  if (!pieces.empty()) return pieces;
  if (!(ours.options() == theirs.options()) ||
      !(ours.vocabulary().special() == theirs.vocabulary().special())) {
    const Json a = TokenizerConfig(ours), b = TokenizerConfig(theirs);
    for (const auto& [key, value] : a.items()) {
      if (b[key] != value) {
        return fmt::format("{} is {} and {}", key, value.dump(), b[key].dump());
      }
    }
  }
  return "";
}

}  // namespace msdbench
