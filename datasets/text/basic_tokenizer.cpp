#include "datasets/text/basic_tokenizer.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "datasets/text/utf8.h"

namespace msdbench {
namespace {

utf8proc_category_t Category(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool IsSpace(char32_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
         (c >= 0x80 && Category(c) == UTF8PROC_CATEGORY_ZS);
}

// Category C*: other, of which utf8proc puts unassigned (Cn) first.
bool IsControl(char32_t c) {
  if (c < 0x80) return c < 0x20 || c == 0x7F;
  switch (Category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
      return true;
    default:
      return false;
  }
}

// Line and paragraph separators survive the cleaning but end a word.
bool EndsWord(char32_t c) { return c == ' ' || c == 0x2028 || c == 0x2029; }

// BERT counts every ASCII symbol as punctuation, also $ + < = > ^ ` | ~.
bool IsPunctuation(char32_t c) {
  if (c < 0x80) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') ||
           (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
  }
  switch (Category(c)) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
      return true;
    default:
      return false;
  }
}

// The blocks of Han ideographs known to BERT; kana and hangul are not split.
bool IsIdeograph(char32_t c) {
  return c >= 0x3400 &&
         (c <= 0x4DBF || (c >= 0x4E00 && c <= 0x9FFF) ||
          (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x2A6DF) ||
          (c >= 0x2A700 && c <= 0x2CEAF) || (c >= 0x2F800 && c <= 0x2FA1F));
}

// One character at a time, so a capital sigma never becomes a final one: the
// reference lower-cases in this way before it looks at words.
void AppendLower(char32_t c, std::u32string* out) {
  if (c < 0x80) {
    out->push_back(c >= 'A' && c <= 'Z' ? c + 32 : c);
  } else if (c == 0x130) {  // the only capital with a two-character lower case
    out->append({U'i', char32_t{0x307}});
  } else {
    out->push_back(static_cast<char32_t>(
        utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
  }
}

std::u32string Lower(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) AppendLower(c, &out);
  return out;
}

using Specials = std::vector<std::u32string>;

// Length of the special token that starts at `at`, 0 when there is none.
std::size_t SpecialAt(std::u32string_view text, std::size_t at,
                      const Specials& specials) {
  for (const std::u32string& token : specials) {
    if (text[at] == token[0] && text.substr(at, token.size()) == token) {
      return token.size();
    }
  }
  return 0;
}

// Before the cleaning, as in the reference: "[C", a control character and
// "LS]" is no special token.
std::u32string LowerOutside(const Specials& specials,
                            std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t length = SpecialAt(text, at, specials)) {
      out.append(text.substr(at, length));
      at += length;
    } else {
      AppendLower(text[at++], &out);
    }
  }
  return out;
}

std::u32string Clean(std::u32string_view text, bool space_ideographs) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    if (IsSpace(c)) {
      out.push_back(' ');
    } else if (c == 0xFFFD || IsControl(c)) {
      continue;
    } else if (space_ideographs && IsIdeograph(c)) {
      out.append({U' ', c, U' '});
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// NFD. utf8proc's own for whole texts puts marks in order swap by swap, which
// takes minutes where a hundred thousand follow each other.
std::u32string Decompose(std::u32string_view word) {
  std::u32string out;
  for (const char32_t c : word) {
    std::array<utf8proc_int32_t, 32> parts{};
    int boundary = 0;
    const auto count = utf8proc_decompose_char(
        static_cast<utf8proc_int32_t>(c), parts.data(),
        static_cast<utf8proc_ssize_t>(parts.size()),
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE),
        &boundary);
    out.append(parts.begin(),
               parts.begin() + std::max<std::ptrdiff_t>(count, 0));
  }
  const auto rank = [](char32_t c) {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))
        ->combining_class;
  };
  const auto starts = [&](char32_t c) { return rank(c) == 0; };
  for (auto mark = out.begin(); mark != out.end();) {
    mark = std::find_if_not(mark, out.end(), starts);
    const auto end = std::find_if(mark, out.end(), starts);
    std::stable_sort(mark, end,
                     [&](char32_t x, char32_t y) { return rank(x) < rank(y); });
    mark = end;
  }
  return out;
}

std::u32string StripAccents(std::u32string_view word) {
  const auto is_ascii = [](char32_t c) { return c < 0x80; };
  if (std::all_of(word.begin(), word.end(), is_ascii)) {
    return std::u32string(word);
  }
  // The whole word at once: marks that stay (Mc, Me) are put in order too.
  std::u32string out = Decompose(word);
  const auto is_accent = [](char32_t c) {
    return Category(c) == UTF8PROC_CATEGORY_MN;
  };
  out.erase(std::remove_if(out.begin(), out.end(), is_accent), out.end());
  return out;
}

void SplitAtPunctuation(std::u32string_view word,
                        std::vector<std::string>* words) {
  bool open = false;  // the last of `words` may still grow
  for (const char32_t c : word) {
    const bool alone = IsPunctuation(c);
    if (alone || !open) words->emplace_back();
    AppendUtf8(c, &words->back());
    open = !alone;
  }
}

}  // namespace

bool IsSpecialToken(std::string_view token) {
  return std::find(kSpecialTokens.begin(), kSpecialTokens.end(), token) !=
         kSpecialTokens.end();
}

std::string LowerCase(std::string_view text) {
  return EncodeUtf8(Lower(DecodeUtf8(text)));
}

std::vector<std::string> BasicTokens(std::string_view text,
                                     const BasicOptions& options) {
  const bool strip = options.StripsAccents();
  std::u32string decoded = DecodeUtf8(text);
  if (options.lower_case) decoded = LowerOutside(options.whole, decoded);
  const std::u32string cleaned = Clean(decoded, options.space_ideographs);
  const std::u32string_view rest = cleaned;
  std::vector<std::string> words;
  for (std::size_t at = 0; at < rest.size();) {
    if (EndsWord(rest[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < rest.size() && !EndsWord(rest[end])) ++end;
    std::u32string word(rest.substr(at, end - at));
    at = end;
    if (SpecialAt(word, 0, options.whole) == word.size()) {
      words.push_back(EncodeUtf8(word));
      continue;
    }
    if (options.lower_case) word = Lower(word);
    if (strip) word = StripAccents(word);
    SplitAtPunctuation(word, &words);
  }
  return words;
}

}  // namespace msdbench
