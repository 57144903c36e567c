#include "datasets/mm_imdb_words.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "datasets/features/pickle.h"
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
    const PickleDocument document(PickleBytes(), name_);
    const PickleValue& stored = Stored(document.root());
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

  // Behind the header of the .npy format, which must announce one object.
  std::string_view PickleBytes() const {
    constexpr std::string_view kMagic = "\x93NUMPY";
    const std::string_view bytes = bytes_;
    if (bytes.substr(0, kMagic.size()) != kMagic || bytes.size() < 12) {
      throw Fault("not a .npy file by its first bytes");
    }
    // Version 1 has a length of two bytes, later ones of four; little-endian.
    const std::size_t width = bytes[6] == 1 ? 2 : 4, start = 8 + width;
    std::size_t length = 0;
    for (std::size_t i = width; i > 0; --i) {
      length = length << 8 | static_cast<std::uint8_t>(bytes[7 + i]);
    }
    if (length > bytes.size() - start) throw Fault("is cut short");
    const std::string_view header = bytes.substr(start, length);
    if (header.find("'descr': '|O'") == header.npos ||
        header.find("'shape': ()") == header.npos) {
      throw Fault("holds an array, expected one dictionary (ix_to_word, ...)");
    }
    return bytes.substr(start + length);
  }

  // The only item of the array.
  const PickleValue& Stored(const PickleValue& array) const {
    const bool rebuilt = array.Calls("numpy.core.multiarray._reconstruct") ||
                         array.Calls("numpy._core.multiarray._reconstruct");
    // Its state: version, shape, type, order, items.
    const PickleValue* state = rebuilt ? array.state : nullptr;
    if (state != nullptr && state->kind == Kind::kTuple &&
        state->items.size() == 5) {
      const PickleValue& items = *state->items[4];
      if (items.kind == Kind::kList && items.items.size() == 1 &&
          items.items[0]->kind == Kind::kDict) {
        return *items.items[0];
      }
    }
    throw Fault("holds something else than one dictionary (ix_to_word, ...)");
  }

  // Python 2 wrote keys and words as bytes where they were ASCII.
  static bool IsWord(const PickleValue& value) {
    return value.IsText() || value.kind == Kind::kBytes;
  }

  const PickleValue* Find(const PickleValue& stored,
                          std::string_view key) const {
    for (const auto& [name, value] : stored.entries) {
      if (IsWord(*name) && name->text == key) return value;
    }
    return nullptr;
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
