#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "datasets/text/basic_tokenizer.h"
#include "datasets/text/utf8.h"
#include "datasets/text/wordpiece.h"
#include "reports/error.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

using Counts = std::unordered_map<std::string, std::int64_t>;

// Commonest first, ties in byte order.
std::vector<std::string> ByCount(const Counts& counts) {
  std::vector<std::pair<std::string, std::int64_t>> order(counts.begin(),
                                                          counts.end());
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  std::vector<std::string> keys;
  keys.reserve(order.size());
  for (auto& entry : order) keys.push_back(std::move(entry.first));
  return keys;
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> tokens,
                       const std::string& source, SpecialNames special)
    : tokens_(std::move(tokens)), special_(std::move(special)) {
  ids_.reserve(tokens_.size());
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::string& token = tokens_[i];
    if (token.empty()) {
      throw DataError(
          fmt::format("{}: line {} is empty; every line must hold one token",
                      source, i + 1));
    }
    // A file that is written with it would have one line more.
    if (token.find_first_of("\r\n") != std::string::npos) {
      throw DataError(fmt::format(
          "{}: token {} holds a line's end; no line of a vocabulary can",
          source, i + 1));
    }
    if (EncodeUtf8(DecodeUtf8(token)) != token) {
      throw DataError(
          fmt::format("{}: line {} is not valid UTF-8", source, i + 1));
    }
    const auto [place, is_new] =
        ids_.emplace(token, static_cast<std::int32_t>(i));
    if (!is_new) {
      throw DataError(fmt::format(
          "{}: line {} repeats the token \"{}\" of line {}; tokens must differ",
          source, i + 1, token, place->second + 1));
    }
  }
  const auto need = [&](std::string_view token) {
    const std::int32_t id = Id(token);
    if (id < 0) {
      throw DataError(fmt::format(
          "{}: the token {} is missing; {} {} {} {} must all be there", source,
          token, special_.pad, special_.unk, special_.cls, special_.sep));
    }
    return id;
  };
  pad_ = need(special_.pad);
  unk_ = need(special_.unk);
  cls_ = need(special_.cls);
  sep_ = need(special_.sep);
}

Vocabulary Vocabulary::FromFile(const std::filesystem::path& file,
                                SpecialNames special) {
  const std::string text = ReadTextFile(file);
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    tokens.emplace_back(line);
    at = end + 1;
  }
  return Vocabulary(std::move(tokens), file.string(), std::move(special));
}

Vocabulary Vocabulary::FromTexts(const std::vector<std::string_view>& texts,
                                 std::int64_t size) {
  if (size < static_cast<std::int64_t>(kSpecialTokens.size())) {
    throw UsageError(fmt::format(
        "vocabulary size is {}; it must be at least {}, the special tokens",
        size, kSpecialTokens.size()));
  }
  Counts words, characters;
  for (const std::string_view text : texts) {
    for (std::string& word : BasicTokens(text, {})) {
      if (!IsSpecialToken(word)) ++words[std::move(word)];
    }
  }
  for (const auto& [word, count] : words) {
    for (const char32_t c : DecodeUtf8(word)) {
      characters[EncodeUtf8({&c, 1})] += count;
    }
  }
  std::vector<std::string> tokens(kSpecialTokens.begin(), kSpecialTokens.end());
  const auto add = [&](std::string token) {
    if (static_cast<std::int64_t>(tokens.size()) < size) {
      tokens.push_back(std::move(token));
    }
  };
  for (const std::string& character : ByCount(characters)) {
    add(character);
    add("##" + character);
  }
  for (std::string& word : ByCount(words)) {
    // One-character words are in already.
    if (characters.count(word) == 0) add(std::move(word));
  }
  return Vocabulary(std::move(tokens), "vocabulary from texts");
}

std::int32_t Vocabulary::Id(std::string_view token) const {
  // Called for every sub-word tried: the key's memory is kept between calls.
  thread_local std::string key;
  key.assign(token);
  const auto place = ids_.find(key);
  return place == ids_.end() ? -1 : place->second;
}

}  // namespace msdbench
