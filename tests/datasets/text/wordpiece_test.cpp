#include "datasets/text/wordpiece.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/text/utf8.h"
#include "reports/error.h"
#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/golden.h"
#include "tests/golden_file.h"

namespace msdbench {
namespace {

using Ids = std::vector<std::int32_t>;
using Strings = std::vector<std::string>;

// Ids in the comments' order: 5 hello, 6 un, 7 ##aff, 8 ##able, ...
Vocabulary TinyVocabulary() {
  return Vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]",  "[MASK]",
                     "hello", "un",    "##aff", "##able", "##a",
                     "cafe",  "中",    "文",    "!",      "'",
                     "a",     "Hello", "ß",     "##é",    "##s"});
}

WordPiece Uncased() { return WordPiece(TinyVocabulary()); }

WordPiece Cased() {
  WordPiece::Options options;
  options.lower_case = false;
  return WordPiece(TinyVocabulary(), options);
}

TEST(WordPiece, TakesTheLongestPieceFirst) {
  EXPECT_EQ(Uncased().Encode("unaffable"), (Ids{6, 7, 8}));
  EXPECT_EQ(Uncased().Encode("una"), (Ids{6, 9}));
  // "##able" is no start of a word, and a word is known whole or not at all.
  EXPECT_EQ(Uncased().Encode("able unx hello"), (Ids{1, 1, 5}));
}

TEST(WordPiece, EmptyAndBlankTextHasNoPieces) {
  EXPECT_EQ(Uncased().Encode(""), Ids{});
  EXPECT_EQ(Uncased().Encode(" \t\r\n\u00a0\u3000\u2028"), Ids{});
}

TEST(WordPiece, LowersAndStripsAccentsOnlyWhenUncased) {
  EXPECT_EQ(Uncased().Encode("HELLO Café cafe\u0301"), (Ids{5, 10, 10}));
  EXPECT_EQ(Cased().Encode("Hello hello HELLO"), (Ids{16, 5, 1}));
  EXPECT_EQ(Cased().Encode("uné"), (Ids{6, 18}));
  EXPECT_EQ(Cased().Words("Café"), Strings{"Café"});
}

TEST(WordPiece, LowerCaseIsUnicodesCharacterByCharacter) {
  EXPECT_EQ(Uncased().Words("\u0130 \u1e9e \u212a \u039f\u03a3"),
            (Strings{"i", "\u00df", "k", "\u03bf\u03c3"}));
}

TEST(WordPiece, StripsOnlyNonspacingMarks) {
  // U+0903 (Mc) and U+20DD (Me) stay, U+0301 (Mn) goes.
  EXPECT_EQ(Uncased().Words("\u0915\u0903\u0301 x\u20dd"),
            (Strings{"\u0915\u0903", "x\u20dd"}));
  EXPECT_EQ(Uncased().Words("\u0301"), Strings{});
  // Hangul syllables come apart into their letters.
  EXPECT_EQ(Uncased().Words("\ud55c"), Strings{"\u1112\u1161\u11ab"});
}

// As Python's unicodedata.normalize("NFD", ...) puts them; U+0325 (Mn, 220)
// would stand between the two and goes.
TEST(WordPiece, MarksThatStayAreInCanonicalOrder) {
  EXPECT_EQ(Uncased().Words("a\u302e\u0325\U0001d165b"),
            Strings{"a\U0001d165\u302eb"});
  std::string in = "a", out = "a";
  for (int i = 0; i < 100000; ++i) in += "\u302e\U0001d165";
  for (int i = 0; i < 100000; ++i) out += "\U0001d165";
  for (int i = 0; i < 100000; ++i) out += "\u302e";
  EXPECT_EQ(Uncased().Words(in), Strings{out});
}

TEST(WordPiece, SplitsPunctuationAndAsciiSymbols) {
  EXPECT_EQ(Uncased().Words("a$b+c`d~e"),
            (Strings{"a", "$", "b", "+", "c", "`", "d", "~", "e"}));
  EXPECT_EQ(Uncased().Words("«a»—b…"), (Strings{"«", "a", "»", "—", "b", "…"}));
  // Symbols outside ASCII are no punctuation.
  EXPECT_EQ(Uncased().Words("5€×"), Strings{"5€×"});
  EXPECT_EQ(Uncased().Encode("hello!'a"), (Ids{5, 13, 14, 15}));
}

TEST(WordPiece, SpacesIdeographsButNotKanaOrHangul) {
  EXPECT_EQ(Uncased().Encode("hello中文a"), (Ids{5, 11, 12, 15}));
  EXPECT_EQ(Cased().Words("か中き"), (Strings{"か", "中", "き"}));
  EXPECT_EQ(Cased().Words("かき한국"), Strings{"かき한국"});
  EXPECT_EQ(Cased().Words("\u4dff\u4e00\u9fff\ua000"),
            (Strings{"\u4dff", "\u4e00", "\u9fff", "\ua000"}));
  EXPECT_EQ(Cased().Words("\u33ff\u3400\U0002a6df\U0002f800"),
            (Strings{"\u33ff", "\u3400", "\U0002a6df", "\U0002f800"}));
}

TEST(WordPiece, DropsControlAndFormatCharacters) {
  const std::string nul("hel\0lo", 6);
  EXPECT_EQ(Uncased().Encode(nul), Ids{5});
  EXPECT_EQ(Uncased().Words("a\u200bb\u00adc\u0085d\ufffde\ue000f\x7fg"),
            Strings{"abcdefg"});
  EXPECT_EQ(Uncased().Words("a\tb\nc\rd\ve\ff"),
            (Strings{"a", "b", "c", "def"}));
}

TEST(WordPiece, WordsAboveTheLimitAreUnknown) {
  // "un" + 98 times "a" are exactly 100 characters.
  const std::string longest = "un" + std::string(98, 'a');
  EXPECT_EQ(Uncased().Encode(longest).size(), 99u);
  EXPECT_EQ(Uncased().Encode(longest + "a a"), (Ids{1, 15}));

  WordPiece::Options options;
  options.max_word_characters = 3;
  const WordPiece strict(TinyVocabulary(), options);
  EXPECT_EQ(strict.Encode("una unaa"), (Ids{6, 9, 1}));
  options.lower_case = false;
  // Characters count, not bytes.
  EXPECT_EQ(WordPiece(TinyVocabulary(), options).Encode("uné"), (Ids{6, 18}));

  options.max_word_characters = 0;
  EXPECT_THROW(WordPiece(TinyVocabulary(), options), Error);
}

TEST(WordPiece, SpecialTokensStayWholeOnlyBetweenSpaces) {
  EXPECT_EQ(Uncased().Encode("[CLS] hello [MASK]\n[SEP]"), (Ids{2, 5, 4, 3}));
  EXPECT_EQ(Cased().Encode("[PAD] [UNK]"), (Ids{0, 1}));
  EXPECT_EQ(Uncased().Words("x[SEP] [mask]"),
            (Strings{"x", "[", "sep", "]", "[", "mask", "]"}));
  EXPECT_EQ(Uncased().Words("中[SEP]文"), (Strings{"中", "[SEP]", "文"}));
  // The upper case outside special tokens is gone before the cleaning.
  EXPECT_EQ(Uncased().Words("[C\u200bLS]"), (Strings{"[", "cls", "]"}));
  EXPECT_EQ(Cased().Words("[C\u200bLS]"), Strings{"[CLS]"});
}

TEST(WordPiece, InvalidBytesAreDropped) {
  EXPECT_EQ(Uncased().Encode("hel\xff\xc3lo"), Ids{5});
  EXPECT_EQ(Uncased().Encode("\xe4\xb8\xad\xe4\xb8"), Ids{11});
}

TEST(Utf8, ReplacesMaximalIllFormedParts) {
  const char32_t bad = 0xfffd;
  using U = std::u32string;
  EXPECT_EQ(DecodeUtf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
            (U{'a', 0xe9, 0x20ac, 0x1f600}));
  EXPECT_EQ(DecodeUtf8("\x80"), (U{bad}));
  EXPECT_EQ(DecodeUtf8("\xc0\x80"), (U{bad, bad}));
  EXPECT_EQ(DecodeUtf8("\xc3("), (U{bad, '('}));
  EXPECT_EQ(DecodeUtf8("\xe2\x82"), (U{bad}));
  EXPECT_EQ(DecodeUtf8("\xe2\x82\xe2\x82\xac"), (U{bad, 0x20ac}));
  EXPECT_EQ(DecodeUtf8("\xe0\x80\x80"), (U{bad, bad, bad}));
  EXPECT_EQ(DecodeUtf8("\xed\xa0\xbd"), (U{bad, bad, bad}));
  EXPECT_EQ(DecodeUtf8("\xf0\x9f\x98z"), (U{bad, 'z'}));
  EXPECT_EQ(DecodeUtf8("\xf0\x8f\xbf\xbf"), (U{bad, bad, bad, bad}));
  EXPECT_EQ(DecodeUtf8("\xf4\x90\x80\x80"), (U{bad, bad, bad, bad}));
  EXPECT_EQ(DecodeUtf8("\xf5\xfe\xff"), (U{bad, bad, bad}));
  EXPECT_EQ(DecodeUtf8("\xf4\x8f\xbf\xbf"), (U{0x10ffff}));
}

TEST(Utf8, EveryScalarValueSurvivesTheRoundTrip) {
  std::u32string all;
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (c < 0xd800 || c > 0xdfff) all.push_back(c);
  }
  EXPECT_TRUE(DecodeUtf8(EncodeUtf8(all)) == all);
}

TEST(WordPiece, RandomBytesGiveCleanWordsAndKnownIds) {
  Random random(0, "wordpiece test");
  const WordPiece uncased = Uncased(), cased = Cased();
  // Lead bytes, brackets and letters are common, so that sequences form.
  const std::string likely = "[CLS] aun\xc3\xe4\xb8\xad\xf0\x9f\xcc\x81";
  for (int round = 0; round < 3000; ++round) {
    std::string bytes(random.Below(60), ' ');
    for (char& byte : bytes) {
      byte = random.Below(2) ? likely[random.Below(likely.size())]
                             : static_cast<char>(random.Below(256));
    }
    for (const WordPiece* pieces : {&uncased, &cased}) {
      const Strings words = pieces->Words(bytes);
      for (const std::string& word : words) {
        ASSERT_FALSE(word.empty());
        ASSERT_EQ(EncodeUtf8(DecodeUtf8(word)), word);
        ASSERT_EQ(word.find_first_of(" \t\r\n"), std::string::npos);
      }
      const Ids ids = pieces->Encode(bytes);
      ASSERT_GE(ids.size(), words.size());
      for (const std::int32_t id : ids) {
        ASSERT_GE(id, 0);
        ASSERT_LT(id, 20);
      }
    }
  }
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(
        static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

class GoldenWordPiece : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenWordPiece);

WordPiece LoadGolden(const std::filesystem::path& file,
                     const GoldenJson& golden) {
  WordPiece::Options options;
  options.lower_case = golden.value("do_lower_case", true);
  return WordPiece(
      Vocabulary::FromFile(file.parent_path() / golden.at("vocab").text()),
      options);
}

// [CLS], the pieces as far as they fit, [SEP].
Ids Framed(const WordPiece& pieces, Ids ids, const GoldenJson& one) {
  const auto room = one.at("max_length").get<std::size_t>() - 2;
  if (ids.size() > room) ids.resize(room);
  ids.insert(ids.begin(), pieces.vocabulary().cls());
  ids.push_back(pieces.vocabulary().sep());
  return ids;
}

TEST_P(GoldenWordPiece, SpecialIds) {
  MSDBENCH_GOLDEN_FILE(file, "tokenizer/tokenizer.json");
  const GoldenFile golden(file);
  golden.Leave({"single", "invalid_utf8", "pairs"});
  const WordPiece pieces = LoadGolden(file, golden);
  const Vocabulary& vocabulary = pieces.vocabulary();
  const std::map<std::string, std::int32_t> ours = {
      {"pad", vocabulary.pad()},
      {"unk", vocabulary.unk()},
      {"cls", vocabulary.cls()},
      {"sep", vocabulary.sep()},
      {"mask", vocabulary.Id("[MASK]")}};
  GoldenTally tally;
  for (const std::string& name : golden.at("special").Keys()) {
    tally.Case(name);
    tally.Equal("id", ours.at(name),
                golden.at("special").at(name).get<std::int32_t>());
  }
}

TEST_P(GoldenWordPiece, SingleTexts) {
  MSDBENCH_GOLDEN_FILE(file, "tokenizer/tokenizer.json");
  const GoldenFile golden(file);
  golden.Leave({"special", "invalid_utf8", "pairs"});
  const WordPiece pieces = LoadGolden(file, golden);
  GoldenTally tally;
  for (const GoldenJson& one : golden.at("single").items()) {
    tally.Case(one.at("group").text() + " " + one.at("id").json().dump());
    const std::string text = one.at("text").text();
    const Ids ids = pieces.Encode(text);
    tally.Equal("ids", ids, one.at("ids").get<Ids>());
    if (one.contains("tokens")) {
      Strings tokens;
      for (const std::int32_t id : ids) {
        tokens.push_back(
            pieces.vocabulary().tokens()[static_cast<std::size_t>(id)]);
      }
      tally.Equal("tokens", tokens, one.at("tokens").get<Strings>());
    }
    if (one.contains("input_ids")) {
      tally.Equal("input_ids", Framed(pieces, ids, one),
                  one.at("input_ids").get<Ids>());
    }
    if (one.contains("utf8_hex")) {
      tally.Equal("bytes", text, FromHex(one.at("utf8_hex").text()));
    }
  }
}

TEST_P(GoldenWordPiece, InvalidUtf8) {
  MSDBENCH_GOLDEN_FILE(file, "tokenizer/tokenizer.json");
  const GoldenFile golden(file);
  golden.Leave({"special", "single", "pairs"});
  const WordPiece pieces = LoadGolden(file, golden);
  GoldenTally tally;
  for (const GoldenJson& one : golden.at("invalid_utf8").items()) {
    one.Leave({"id"});
    const std::string hex = one.at("bytes_hex").text();
    tally.Case(hex);
    const Ids ids = pieces.Encode(FromHex(hex));
    tally.Equal("ids", ids, one.at("ids").get<Ids>());
    if (one.contains("input_ids")) {
      Ids framed = ids;
      framed.insert(framed.begin(), pieces.vocabulary().cls());
      framed.push_back(pieces.vocabulary().sep());
      tally.Equal("input_ids", framed, one.at("input_ids").get<Ids>());
    }
  }
}

// Two texts as in a pair; which side a truncation takes from is the reference's
// own rule, since nothing here encodes pairs.
TEST_P(GoldenWordPiece, Pairs) {
  MSDBENCH_GOLDEN_FILE(file, "tokenizer/tokenizer.json");
  const GoldenFile golden(file);
  golden.Leave({"special", "single", "invalid_utf8"});
  const WordPiece pieces = LoadGolden(file, golden);
  GoldenTally tally;
  for (const GoldenJson& one : golden.at("pairs").items()) {
    tally.Case(one.at("id").json().dump());
    Ids a = pieces.Encode(one.at("text_a").text());
    Ids b = pieces.Encode(one.at("text_b").text());
    const auto expected = one.at("input_ids").get<Ids>();
    const std::size_t length = one.value("max_length", expected.size());
    const std::string truncation =
        one.value("truncation", std::string("longest_first"));
    while (a.size() + b.size() + 3 > length) {
      const bool from_b =
          truncation == "only_second" ||
          (truncation == "longest_first" && b.size() >= a.size());
      (from_b ? b : a).pop_back();
    }
    Ids built = {pieces.vocabulary().cls()};
    built.insert(built.end(), a.begin(), a.end());
    built.push_back(pieces.vocabulary().sep());
    const std::size_t first = built.size();
    built.insert(built.end(), b.begin(), b.end());
    built.push_back(pieces.vocabulary().sep());
    const std::size_t both = built.size();
    ASSERT_EQ(one.value("padding", std::string("max_length")), "max_length");
    built.resize(length, pieces.vocabulary().pad());
    tally.Equal("input_ids", built, expected);
    if (one.contains("token_type_ids")) {
      Ids types(length, 0);
      std::fill(types.begin() + static_cast<std::ptrdiff_t>(first),
                types.begin() + static_cast<std::ptrdiff_t>(both), 1);
      tally.Equal("token_type_ids", types, one.at("token_type_ids").get<Ids>());
    }
    if (one.contains("attention_mask")) {
      Ids mask(both, 1);
      mask.resize(length, 0);
      tally.Equal("attention_mask", mask, one.at("attention_mask").get<Ids>());
    }
  }
}

}  // namespace
}  // namespace msdbench
