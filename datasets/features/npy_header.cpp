#include "datasets/features/npy_header.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "reports/error.h"

namespace msdbench {
namespace {

// {'descr': '<f4', 'fortran_order': False, 'shape': (100, 2048), }
class LiteralReader {
 public:
  LiteralReader(std::string_view text, const std::string& source)
      : text_(text), source_(source) {}

  NpyHeader Read() {
    NpyHeader header;
    std::set<std::string> seen;
    Want('{');
    while (!Take('}')) {
      const std::string key = Text();
      Want(':');
      if (!seen.insert(key).second) throw Broken();
      if (key == "descr") {
        header.descr = Text();
      } else if (key == "fortran_order") {
        header.fortran_order = Flag();
      } else if (key == "shape") {
        header.shape = Shape();
      } else {
        throw Broken();
      }
      if (!Take(',')) {
        Want('}');
        break;
      }
    }
    if (seen.size() != 3) throw Broken();
    return header;
  }

 private:
  Error Broken() const {
    return DataError(source_ +
                     ": not a readable .npy file: its header is "
                     "none of a plain array");
  }

  void SkipSpace() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) {
      text_.remove_prefix(1);
    }
  }
  bool Take(char wanted) {
    SkipSpace();
    if (text_.empty() || text_[0] != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  void Want(char wanted) {
    if (!Take(wanted)) throw Broken();
  }
  bool TakeWord(std::string_view word) {
    SkipSpace();
    if (text_.substr(0, word.size()) != word) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  std::string Text() {
    const char quote = Take('"') ? '"' : '\'';
    if (quote == '\'') Want('\'');
    const std::size_t end = text_.find(quote);
    if (end == text_.npos) throw Broken();
    std::string text(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return text;
  }

  bool Flag() {
    if (TakeWord("True")) return true;
    if (TakeWord("False")) return false;
    throw Broken();
  }

  std::vector<std::int64_t> Shape() {
    std::vector<std::int64_t> shape;
    Want('(');
    while (!Take(')')) {
      SkipSpace();
      std::int64_t extent = -1;
      const auto [end, error] =
          std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (error != std::errc() || extent < 0) throw Broken();
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      TakeWord("L");  // Python 2's long integers
      shape.push_back(extent);
      if (!Take(',')) {
        Want(')');
        break;
      }
    }
    return shape;
  }

  std::string_view text_;
  const std::string& source_;
};

}  // namespace

NpyHeader ReadNpyHeader(std::string_view file, const std::string& source) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  const auto byte = [&](std::size_t place) {
    return static_cast<std::uint8_t>(file[place]);
  };
  if (file.substr(0, kMagic.size()) != kMagic || file.size() < 12) {
    throw DataError(source + ": not a .npy file");
  }
  const std::uint8_t version = byte(6);
  if (version < 1 || version > 3) {
    throw DataError(
        fmt::format("{}: .npy format {}, allowed: 1 to 3", source, version));
  }
  const std::size_t start = version == 1 ? 10 : 12;
  std::size_t length = 0;
  for (std::size_t place = start; place > 8; --place) {
    length = length << 8 | byte(place - 1);
  }
  if (length > file.size() - start) {
    throw DataError(source + ": not a readable .npy file: it is cut short");
  }
  NpyHeader header = LiteralReader(file.substr(start, length), source).Read();
  header.bytes = start + length;
  return header;
}

}  // namespace msdbench
