#include "datasets/text/wordpiece.h"

#include <cstddef>
#include <utility>

#include "datasets/text/basic_tokenizer.h"
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

WordPiece::WordPiece(Vocabulary vocabulary, Options options)
    : vocabulary_(std::move(vocabulary)), options_(options) {
  if (options_.max_word_characters < 1) {
    throw UsageError("max_word_characters is " +
                     std::to_string(options_.max_word_characters) +
                     "; it must be at least 1");
  }
}

std::vector<std::string> WordPiece::Words(std::string_view text) const {
  return BasicTokens(text, options_.lower_case);
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
