// The first half of BERT's tokenizer: clean, lower-case, split into words.
// Character classes are those of the Unicode version utf8proc was built with.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace msdbench {

// Kept whole, and in upper case, where they stand alone between white space.
inline constexpr std::array<std::string_view, 5> kSpecialTokens = {
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

bool IsSpecialToken(std::string_view token);

// Words in order, each valid UTF-8 and not empty. With `lower_case` they are
// lower-cased and stripped of accents (NFD, then category Mn dropped).
std::vector<std::string> BasicTokens(std::string_view text, bool lower_case);

}  // namespace msdbench
