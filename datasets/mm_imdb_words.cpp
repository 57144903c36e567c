#include "datasets/mm_imdb_words.h"

#include <fmt/format.h>

#include <cstdint>

#include "datasets/features/numpy.h"
#include "datasets/text/utf8.h"
#include "reports/error.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

using Kind = PickleValue::Kind;

class WordsFile {
 public:
  explicit WordsFile(const std::filesystem::path& file)
      : name_(file.string()), bytes_(ReadTextFile(file)) {}

  std::vector<std::string> Read() const {
    const NpyObject object(bytes_, name_);
    const PickleValue& stored = object.value();
    const PickleValue* numbered = Find(stored, "ix_to_word");
    if (numbered == nullptr || numbered->kind != Kind::kDict) {
      throw Fault("holds no dictionary \"ix_to_word\"");
    }
    std::vector<std::string> words(numbered->entries.size());
    for (const auto& [number, word] : numbered->entries) {
      Place(*number, *word, words);
    }
    const PickleValue* size = Find(stored, "vocab_size");
    if (size != nullptr && size->IsInteger() &&
        size->integer != static_cast<std::int64_t>(words.size())) {
      throw Fault(fmt::format("\"vocab_size\" is {}, but there are {} words",
                              size->integer, words.size()));
    }
    return words;
  }

 private:
  Error Fault(const std::string& what) const {
    return DataError(name_ + ": " + what);
  }

  // Python 2 wrote words as bytes where they were ASCII.
  static bool IsWord(const PickleValue& value) {
    return value.IsText() || value.kind == Kind::kBytes;
  }

  void Place(const PickleValue& number, const PickleValue& word,
             std::vector<std::string>& words) const {
    const auto count = static_cast<std::int64_t>(words.size());
    if (!number.IsInteger() || number.integer < 0 || number.integer >= count) {
      throw Fault(fmt::format(
          "\"ix_to_word\" has {} words, but a key that is not 0 to {}", count,
          count - 1));
    }
    std::string& place = words[static_cast<std::size_t>(number.integer)];
    if (!place.empty()) {
      throw Fault(
          fmt::format("\"ix_to_word\" has the key {} twice", number.integer));
    }
    if (!IsWord(word) || word.text.empty() ||
        EncodeUtf8(DecodeUtf8(word.text)) != word.text) {
      throw Fault(fmt::format("\"ix_to_word\": {} is no word", number.integer));
    }
    place = word.text;
  }

  std::string name_, bytes_;
};

}  // namespace

std::vector<std::string> ReadMmImdbWords(const std::filesystem::path& file) {
  return WordsFile(file).Read();
}

}  // namespace msdbench
