// The first half of BERT's tokenizer: clean, lower-case, split into words.
// Character classes are those of the Unicode version utf8proc was built with.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msdbench {

inline constexpr std::array<std::string_view, 5> kSpecialTokens = {
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

bool IsSpecialToken(std::string_view token);

struct BasicOptions {
  bool lower_case = true;
  // NFD, then category Mn dropped; none = as lower_case.
  std::optional<bool> strip_accents;
  bool space_ideographs = true;  // each Han character is a word
  // Kept whole, and in upper case, where they stand alone between white space.
  std::vector<std::u32string> whole = {U"[PAD]", U"[UNK]", U"[CLS]", U"[SEP]",
                                       U"[MASK]"};

  bool StripsAccents() const { return strip_accents.value_or(lower_case); }
};

// Words in order, each valid UTF-8 and not empty.
std::vector<std::string> BasicTokens(std::string_view text,
                                     const BasicOptions& options);

// `text` in lower case, character by character.
std::string LowerCase(std::string_view text);

}  // namespace msdbench
