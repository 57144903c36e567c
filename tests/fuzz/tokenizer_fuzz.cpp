// A vocabulary file and a text, with a byte 0 between them.
#include <algorithm>

#include "datasets/text/utf8.h"
#include "datasets/text/wordpiece.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {
namespace {

void Tokenize(const Vocabulary& vocabulary, std::string_view text) {
  const auto size = static_cast<std::int32_t>(vocabulary.tokens().size());
  for (const bool lower_case : {true, false}) {
    WordPiece::Options options;
    options.lower_case = lower_case;
    const WordPiece pieces(vocabulary, options);
    for (const std::int32_t id : pieces.Encode(text)) {
      Expect(id >= 0 && id < size, "an id of the vocabulary");
    }
    for (const std::string& word : pieces.Words(text)) {
      Expect(!word.empty() && EncodeUtf8(DecodeUtf8(word)) == word,
             "words of valid UTF-8");
    }
  }
}

}  // namespace

FUZZ_TARGET(bytes) {
  const std::size_t end = std::min(bytes.find('\0'), bytes.size());
  const std::string_view text = bytes.substr(end);
  Accepts([&] {
    Tokenize(Vocabulary::FromFile(InputFile(bytes.substr(0, end))), text);
  });
  // One from the text knows every character of it.
  Accepts([&] {
    const WordPiece own(Vocabulary::FromTexts({text}, 1 << 20));
    const auto ids = own.Encode(text);
    const bool known = std::none_of(
        ids.begin(), ids.end(),
        [&](std::int32_t id) { return id == own.vocabulary().unk(); });
    Expect(known || text.find("[UNK]") != text.npos || text.size() > 100,
           "a text in pieces of its own vocabulary");
  });
}

}  // namespace msdbench::fuzz
