#include "datasets/jsonl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "datasets/json_stream.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> ReadTexts(const Tree& tree) {
  std::vector<std::string> texts;
  ReadJsonLines(tree.root() / "a.jsonl", [&](const JsonRecord& record) {
    texts.push_back(record.Text("t"));
  });
  return texts;
}

TEST(JsonLines, ReadsMarksCarriageReturnsBlankLinesAndMissingLastNewline) {
  Tree tree;
  tree.Write("a.jsonl",
             "\xef\xbb\xbf{\"t\": \"one\"}\r\n\r\n  \t\n{\"t\": \"two\"}\n"
             "{\"t\": \"three\"}");
  EXPECT_THAT(ReadTexts(tree), ElementsAre("one", "two", "three"));
}

TEST(JsonLines, DecodesEscapes) {
  Tree tree;
  tree.Write("a.jsonl", R"({"t": "img\/1.png \u00e9 \ud83d\ude00 caf)"
                        "\xc3\xa9\"}\n");
  EXPECT_THAT(ReadTexts(tree),
              ElementsAre("img/1.png \xc3\xa9 \xf0\x9f\x98\x80 caf\xc3\xa9"));
}

TEST(JsonLines, EmptyFileHasNoRecords) {
  Tree tree;
  tree.Write("a.jsonl", "");
  EXPECT_TRUE(ReadTexts(tree).empty());
}

TEST(JsonLines, NamesTheLineAndColumnOfBadJson) {
  Tree tree;
  tree.Write("a.jsonl", "{\"t\": \"one\"}\n\n{\"t\": oops}\n");
  EXPECT_THAT(
      ErrorOf([&] { ReadTexts(tree); }),
      HasSubstr(tree.Path("a.jsonl") + ": line 3: not valid JSON at column 7"));
}

TEST(JsonLines, RefusesHalfASurrogatePairAndBadUtf8) {
  Tree tree;
  tree.Write("a.jsonl", R"({"t": "\ud83d"})");
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }), HasSubstr("line 1"));
  tree.Write("a.jsonl", "{\"t\": \"\xff\"}");
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }), HasSubstr("line 1"));
}

TEST(JsonLines, RefusesALineThatIsNoObject) {
  Tree tree;
  tree.Write("a.jsonl", "[1, 2]\n");
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }),
              HasSubstr("line 1: must be a JSON object, got [1,2]"));
}

TEST(JsonLines, NamesTheFieldThatIsWrong) {
  Tree tree;
  tree.Write("a.jsonl", "{\"t\": 3}\n");
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }),
              HasSubstr("line 1: \"t\" is 3, expected a string"));
  tree.Write("a.jsonl", "{\"u\": 3}\n");
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }),
              HasSubstr("line 1: \"t\" is missing, expected a string"));
}

TEST(JsonLines, RefusesAMissingFileAndAFolder) {
  Tree tree;
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }), HasSubstr("cannot be read"));
  std::filesystem::create_directories(tree.root() / "a.jsonl");
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }), HasSubstr("cannot be read"));
}

std::vector<std::int64_t> ReadNumbers(const Tree& tree) {
  std::vector<std::int64_t> numbers;
  ReadJsonArray(tree.root() / "a.json", "rows", [&](const JsonRecord& record) {
    numbers.push_back(record.Integer("n"));
  });
  return numbers;
}

TEST(JsonArray, ReadsOnlyTheArrayUnderItsKey) {
  Tree tree;
  tree.Write("a.json",
             R"({"info": {"rows": [{"n": 1}], "deep": [[{"n": 2}]]},
                 "other": [{"n": 3}],
                 "rows": [{"n": 4, "rows": [{"n": 5}]}, {"n": 6}],
                 "last": [{"n": 7}, 8]})");
  EXPECT_THAT(ReadNumbers(tree), ElementsAre(4, 6));
}

TEST(JsonArray, NamesThePlaceOfARecord) {
  Tree tree;
  tree.Write("a.json", R"({"rows": [{"n": 1}, {"n": "x"}]})");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr(tree.Path("a.json") +
                        ": /rows/1: \"n\" is \"x\", expected an integer"));
  tree.Write("a.json", R"({"rows": [{"n": 1}, [2]]})");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr("/rows/1: must be a JSON object, got an array"));
  tree.Write("a.json", R"({"rows": [{"n": 1}, 2]})");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr("/rows/1: must be a JSON object, got 2"));
}

TEST(JsonArray, RefusesOtherDocuments) {
  Tree tree;
  for (const char* text : {"[{\"n\": 1}]", "{\"rows\": {}}", "{}", "3"}) {
    tree.Write("a.json", text);
    EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
                HasSubstr("expected an object with an array \"rows\""))
        << text;
  }
  tree.Write("a.json", "{\"rows\": [{\"n\": 1}, ");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr("not valid JSON at byte"));
}

TEST(JsonRecord, RefusesIntegersBeyond64Bits) {
  Tree tree;
  tree.Write("a.json", R"({"rows": [{"n": 9223372036854775807}]})");
  EXPECT_THAT(ReadNumbers(tree), ElementsAre(INT64_MAX));
  tree.Write("a.json", R"({"rows": [{"n": 9223372036854775808}]})");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr("expected an integer"));
}

}  // namespace
}  // namespace msdbench
