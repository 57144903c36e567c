#include "datasets/text/wordpiece.h"

#include <cstddef>
#include <tuple>
#include <utility>

#include "datasets/text/basic_tokenizer.h"
#include "datasets/text/utf8.h"
#include "reports/error.h"

namespace msdbench {
namespace {

bool StartsCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

std::int64_t CountCharacters(std::string_view word) {
  std::int64_t count = 0;
  for (const char byte : word) count += StartsCharacter(byte);
  return count;
}

// Longest piece first. `buffer` is scratch space kept between words.
void AppendPieces(const Vocabulary& vocabulary, std::string_view word,
                  std::string* buffer, std::vector<std::int32_t>* ids) {
  const std::size_t before = ids->size();
  buffer->assign("##").append(word);
  std::size_t start = 2;
  while (start < buffer->size()) {
    // A continuation's "##" overwrites bytes that are already encoded.
    std::size_t from = start;
    if (start > 2) {
      from = start - 2;
      (*buffer)[from] = (*buffer)[from + 1] = '#';
    }
    std::size_t end = buffer->size();
    std::int32_t id = -1;
    while (end > start) {
      id = vocabulary.Id(std::string_view(*buffer).substr(from, end - from));
      if (id >= 0) break;
      do --end;
      while (end > start && !StartsCharacter((*buffer)[end]));
    }
    if (id < 0) {
      ids->resize(before);
      ids->push_back(vocabulary.unk());
      return;
    }
    ids->push_back(id);
    start = end;
  }
}

}  // namespace

bool SpecialNames::operator==(const SpecialNames& other) const {
  const auto all = [](const SpecialNames& names) {
    return std::tie(names.pad, names.unk, names.cls, names.sep, names.mask);
  };
  return all(*this) == all(other);
}

bool WordPiece::Options::operator==(const Options& other) const {
  const auto all = [](const Options& options) {
    return std::tuple(options.lower_case,
                      options.strip_accents.value_or(options.lower_case),
                      options.space_ideographs, options.max_word_characters);
  };
  return all(*this) == all(other);
}

WordPiece::WordPiece(Vocabulary vocabulary, Options options)
    : vocabulary_(std::move(vocabulary)), options_(options) {
  if (options_.max_word_characters < 1) {
    throw UsageError("max_word_characters is " +
                     std::to_string(options_.max_word_characters) +
                     "; it must be at least 1");
  }
  basic_.lower_case = options_.lower_case;
  basic_.strip_accents = options_.strip_accents;
  basic_.space_ideographs = options_.space_ideographs;
  const SpecialNames& special = vocabulary_.special();
  basic_.whole.clear();
  for (const std::string& name :
       {special.pad, special.unk, special.cls, special.sep, special.mask}) {
    if (!name.empty()) basic_.whole.push_back(DecodeUtf8(name));
  }
}

std::vector<std::string> WordPiece::Words(std::string_view text) const {
  return BasicTokens(text, basic_);
}

std::vector<std::int32_t> WordPiece::Encode(std::string_view text) const {
  std::vector<std::int32_t> ids;
  std::string buffer;
  for (const std::string& word : Words(text)) {
    if (CountCharacters(word) > options_.max_word_characters) {
      ids.push_back(vocabulary_.unk());
    } else {
      AppendPieces(vocabulary_, word, &buffer, &ids);
    }
  }
  return ids;
}

}  // namespace msdbench
