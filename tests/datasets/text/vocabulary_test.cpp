#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "datasets/text/wordpiece.h"
#include "reports/error.h"

namespace msdbench {
namespace {

using Strings = std::vector<std::string>;
using Texts = std::vector<std::string_view>;

const Strings kSpecials = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

Strings WithSpecials(const Strings& rest) {
  Strings all = kSpecials;
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

std::filesystem::path Written(const std::string& content) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      (std::string("msdbench_vocabulary_") + test->name());
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "vocab.txt", std::ios::binary) << content;
  return folder / "vocab.txt";
}

// What the error says; fails the test when there is none.
template <typename F>
std::string Complaint(ExitCode code, F make) {
  try {
    make();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(Vocabulary, IdsArePositions) {
  const Vocabulary vocabulary({"x", "[SEP]", "[CLS]", "[UNK]", "[PAD]", "##x"});
  EXPECT_EQ(vocabulary.Id("x"), 0);
  EXPECT_EQ(vocabulary.Id("##x"), 5);
  EXPECT_EQ(vocabulary.Id("X"), -1);
  EXPECT_EQ(vocabulary.Id(""), -1);
  EXPECT_EQ(vocabulary.sep(), 1);
  EXPECT_EQ(vocabulary.cls(), 2);
  EXPECT_EQ(vocabulary.unk(), 3);
  EXPECT_EQ(vocabulary.pad(), 4);
}

TEST(Vocabulary, NamesBothLinesOfADuplicate) {
  const std::string what = Complaint(ExitCode::kData, [] {
    Vocabulary(WithSpecials({"a", "b", "a"}), "vocab.txt");
  });
  EXPECT_EQ(what,
            "vocab.txt: line 8 repeats the token \"a\" of line 6; tokens must "
            "differ");
}

TEST(Vocabulary, NamesEachMissingSpecial) {
  for (const std::string missing : {"[PAD]", "[UNK]", "[CLS]", "[SEP]"}) {
    Strings tokens;
    for (const std::string& token : kSpecials) {
      if (token != missing) tokens.push_back(token);
    }
    const std::string what =
        Complaint(ExitCode::kData, [&] { Vocabulary{tokens}; });
    EXPECT_EQ(what.find("vocabulary: the token " + missing + " is missing"), 0u)
        << what;
  }
  // [MASK] is not needed.
  EXPECT_NO_THROW(Vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]"}));
}

TEST(Vocabulary, RefusesEmptyAndIllFormedTokens) {
  EXPECT_NE(Complaint(ExitCode::kData,
                      [] {
                        Vocabulary(WithSpecials({"", "a"}));
                      })
                .find("line 6 is empty"),
            std::string::npos);
  EXPECT_NE(Complaint(ExitCode::kData,
                      [] {
                        Vocabulary(WithSpecials({"a", "\xff"}));
                      })
                .find("line 7 is not valid UTF-8"),
            std::string::npos);
}

TEST(Vocabulary, ReadsBothLineEndsAndALastLineWithoutOne) {
  const Strings expected = WithSpecials({"a", "##b"});
  for (const std::string end : {"\n", "\r\n"}) {
    std::string content;
    for (const std::string& token : expected) content += token + end;
    EXPECT_EQ(Vocabulary::FromFile(Written(content)).tokens(), expected);
    content.resize(content.size() - end.size());
    EXPECT_EQ(Vocabulary::FromFile(Written(content)).tokens(), expected);
  }
}

TEST(Vocabulary, FileErrorsNameTheFile) {
  const auto file = Written("[PAD]\n[UNK]\n\n");
  EXPECT_EQ(Complaint(ExitCode::kData, [&] { Vocabulary::FromFile(file); })
                .find(file.string() + ": line 3 is empty"),
            0u);
  const auto absent = file.parent_path() / "absent.txt";
  EXPECT_NE(Complaint(ExitCode::kData, [&] { Vocabulary::FromFile(absent); })
                .find("absent.txt"),
            std::string::npos);
}

TEST(Vocabulary, FromTextsOrdersByCountThenBytes) {
  // Words: ab 3, b 2, c 1, ba 1. Characters: b 3+2+1, a 3+1, c 1.
  const Texts texts = {"AB b [MASK] ba", "ab áb  b c"};
  const Strings all =
      WithSpecials({"b", "##b", "a", "##a", "c", "##c", "ab", "ba"});
  EXPECT_EQ(Vocabulary::FromTexts(texts, 100).tokens(), all);
  for (std::int64_t size = 5; size < 13; ++size) {
    EXPECT_EQ(Vocabulary::FromTexts(texts, size).tokens(),
              Strings(all.begin(), all.begin() + size));
  }
}

TEST(Vocabulary, FromTextsTiesAreInByteOrder) {
  const Texts texts = {"zz é中 yy", "b! b!"};
  // é loses its accent; 中 is a word of its own, and so is "!".
  EXPECT_EQ(Vocabulary::FromTexts(texts, 100).tokens(),
            WithSpecials({"!", "##!", "b", "##b", "y", "##y", "z", "##z", "e",
                          "##e", "中", "##中", "yy", "zz"}));
}

TEST(Vocabulary, FromTextsLeavesNothingSeenUnknown) {
  const Texts texts = {"two dogs, one ball", "Ça va?  中文"};
  const WordPiece pieces(Vocabulary::FromTexts(texts, 1000));
  for (const std::string_view text :
       {texts[0], texts[1], std::string_view("gods ten lab")}) {
    for (const std::int32_t id : pieces.Encode(text)) {
      EXPECT_NE(id, pieces.vocabulary().unk()) << text;
    }
  }
  // A seen word is one piece.
  EXPECT_EQ(pieces.Encode("dogs").size(), 1u);
}

TEST(Vocabulary, FromTextsWithoutTextsHasTheSpecialTokens) {
  EXPECT_EQ(Vocabulary::FromTexts({}, 5).tokens(), kSpecials);
  EXPECT_NE(Complaint(ExitCode::kUsage, [] { Vocabulary::FromTexts({}, 4); })
                .find("vocabulary size is 4; it must be at least 5"),
            std::string::npos);
}

}  // namespace
}  // namespace msdbench
