// Against what CPython says of every code point: tests/golden/text, made by
// tests/golden/make/python_text.py.
#include "datasets/text/python_text.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "datasets/text/utf8.h"
#include "tests/golden.h"
#include "tests/golden_file.h"

namespace msdbench {
namespace {

constexpr std::int32_t kEnd = 0x110000;
constexpr char32_t kSigma = 0x3A3;

std::string Utf8(std::u32string_view text) { return EncodeUtf8(text); }

// One entry a code point, true inside [first, last] of the flat list.
std::vector<bool> Members(const GoldenJson& runs) {
  std::vector<bool> members(kEnd);
  const auto ends = runs.get<std::vector<std::int32_t>>();
  for (std::size_t i = 0; i < ends.size(); i += 2) {
    std::fill(members.begin() + ends[i], members.begin() + ends[i + 1] + 1,
              true);
  }
  return members;
}

class GoldenPythonText : public testing::Test {
 protected:
  GoldenPythonText() : golden_("tests/golden/text/python_text.json") {
    golden_.Leave({"unicode"});
    unassigned_ = Members(golden_.at("unassigned"));
  }
  // Each test has its own of these.
  ~GoldenPythonText() override {
    golden_.Leave(
        {"lower", "longer", "space", "digit", "cased", "ignorable", "words"});
  }

  // `differs` for each code point that both that Python and our utf8proc have;
  // the first few that do are named.
  static void Check(const std::string& what, const std::vector<bool>& skip,
                    const std::function<bool(std::int32_t)>& differs) {
    std::string places;
    int wrong = 0, seen = 0;
    for (std::int32_t c = 0; c < kEnd; ++c) {
      if ((c >= 0xD800 && c < 0xE000) || skip[static_cast<std::size_t>(c)] ||
          (c >= 0x80 && utf8proc_category(c) == UTF8PROC_CATEGORY_CN)) {
        continue;
      }
      ++seen;
      if (differs(c) && ++wrong <= 10) places += fmt::format(" U+{:04X}", c);
    }
    EXPECT_GT(seen, 280'000);  // Unicode 14's, private use included
    EXPECT_EQ(wrong, 0) << what << ":" << places;
  }

  GoldenFile golden_;
  std::vector<bool> unassigned_;
};

TEST_F(GoldenPythonText, LowerCaseOfEveryCodePoint) {
  std::map<std::int32_t, std::u32string> other;
  const auto runs = golden_.at("lower").get<std::vector<std::int32_t>>();
  for (std::size_t i = 0; i < runs.size(); i += 4) {
    const std::int32_t step = runs[i + 2] == 0 ? 1 : runs[i + 2];
    for (std::int32_t c = runs[i]; c <= runs[i + 1]; c += step) {
      other[c] = std::u32string(1, static_cast<char32_t>(c + runs[i + 3]));
    }
  }
  const GoldenJson longer = golden_.at("longer");
  for (const std::string& text : longer.Keys()) {
    other[static_cast<std::int32_t>(DecodeUtf8(text).at(0))] =
        DecodeUtf8(longer.at(text).text());
  }
  EXPECT_GT(other.size(), 1400u);
  Check("lower", unassigned_, [&](std::int32_t c) {
    const std::u32string self(1, static_cast<char32_t>(c));
    const auto found = other.find(c);
    return PythonLower(Utf8(self)) !=
           Utf8(found == other.end() ? self : found->second);
  });
}

TEST_F(GoldenPythonText, SpacesAndDigits) {
  const std::vector<bool> space = Members(golden_.at("space")),
                          digit = Members(golden_.at("digit"));
  // Nor is one that Python does not have yet.
  Check("space", std::vector<bool>(kEnd), [&](std::int32_t c) {
    return IsPythonSpace(c) != space[static_cast<std::size_t>(c)];
  });
  Check("digit", unassigned_, [&](std::int32_t c) {
    return IsPythonDigit(c) != digit[static_cast<std::size_t>(c)];
  });
}

// A sigma is final behind a cased letter and before none, whatever ignorable
// characters stand between.
TEST_F(GoldenPythonText, FinalSigmaBesideEveryCodePoint) {
  const std::vector<bool> cased = Members(golden_.at("cased")),
                          ignorable = Members(golden_.at("ignorable"));
  const std::string final = Utf8(U"\u03C2");
  const auto lower = [](const std::u32string& text) {
    return PythonLower(Utf8(text));
  };
  const auto ends_final = [&](const std::string& text) {
    return text.size() >= 2 && text.substr(text.size() - 2) == final;
  };
  Check("final sigma", unassigned_, [&](std::int32_t point) {
    const auto c = static_cast<char32_t>(point);
    const bool is_cased = cased[static_cast<std::size_t>(point)],
               is_ignorable = ignorable[static_cast<std::size_t>(point)];
    return ends_final(lower({c, kSigma})) != is_cased ||
           ends_final(lower({U'A', c, kSigma})) != (is_cased || is_ignorable) ||
           (lower({U'A', kSigma, c}).substr(1, 2) == final) == is_cased ||
           (lower({U'A', kSigma, c, U'A'}).substr(1, 2) == final) ==
               (is_cased || is_ignorable);
  });
}

TEST_F(GoldenPythonText, Words) {
  const auto words = golden_.at("words").get<std::vector<std::string>>();
  GoldenTally tally;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    tally.Case(words[i]);
    tally.Equal("lower", PythonLower(words[i]), words[i + 1]);
  }
}

TEST(PythonLower, PassesBytesThatAreNotUtf8Through) {
  EXPECT_EQ(PythonLower("A\xffSS\xc3"), "a\xffss\xc3");
  // Such a byte is no letter: the sigma behind it stands alone.
  EXPECT_EQ(PythonLower("A\xff\xce\xa3"), "a\xff\xcf\x83");
  EXPECT_EQ(PythonLower("A\xce\xa3\xff"), "a\xcf\x82\xff");
}

}  // namespace
}  // namespace msdbench
