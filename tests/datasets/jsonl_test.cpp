#include "datasets/jsonl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "datasets/json_stream.h"
#include "reports/digest.h"
#include "reports/random.h"
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

TEST(JsonArray, RecordsAreThoseOfAWholeParse) {
  // Random documents, so that no kind of value or nesting is left out.
  Random random(3, "json");
  const auto whole = [&](std::uint64_t below) { return random.Below(below); };
  const std::function<Json(int)> value = [&](int depth) -> Json {
    const auto kind = whole(depth > 5 ? 6 : 8);
    if (kind == 0) return nullptr;
    if (kind == 1) return whole(2) == 1;
    if (kind == 2) return static_cast<std::int64_t>(whole(1000)) - 500;
    if (kind == 3) return std::uint64_t{1} << 63;
    if (kind == 4) return static_cast<double>(whole(1000)) / 7;
    if (kind == 5) return "a \"\\/ \xc3\xa9\n" + std::to_string(whole(50));
    Json container = kind == 6 ? Json::array() : Json::object();
    for (std::uint64_t i = whole(5); i > 0; --i) {
      if (kind == 6) {
        container.push_back(value(depth + 1));
      } else {
        container["k" + std::to_string(i)] = value(depth + 1);
      }
    }
    return container;
  };
  Tree tree;
  for (int round = 0; round < 50; ++round) {
    Json document;
    document["before"] = value(0);
    document["rows"] = Json::array();
    for (int row = 0; row < 20; ++row) {
      Json item;
      item["n"] = row;
      item["v"] = value(0);
      document["rows"].push_back(item);
    }
    document["after"] = value(0);
    const std::string text = document.dump(whole(2) == 1 ? 1 : -1);
    tree.Write("a.json", text);
    std::int64_t row = 0;
    const std::string hash = ReadJsonArray(
        tree.root() / "a.json", "rows", [&](const JsonRecord& record) {
          EXPECT_EQ(record.Integer("n"), row);
          const Json& wanted = document["rows"][row++]["v"];
          const Json* found = record.Find("v");
          EXPECT_EQ(found == nullptr ? Json() : *found, wanted);
        });
    EXPECT_EQ(row, 20);
    EXPECT_EQ(hash, Sha256OfText(text));
  }
}

TEST(JsonArray, GoesOnWithFaultsWhereTheCallerWantsThem) {
  Tree tree;
  tree.Write("a.json",
             R"({"rows": [{"n": 1}, 2, [{"n": 3}], {"n": "x"}, null, {"n": 4}],
                 "more": [5]})");
  std::vector<std::int64_t> numbers;
  std::vector<std::string> faults;
  ReadJsonArray(
      tree.root() / "a.json", "rows",
      [&](const JsonRecord& record) { numbers.push_back(record.Integer("n")); },
      [&](const std::string& what) { faults.push_back(what); });
  EXPECT_THAT(numbers, ElementsAre(1, 4));
  EXPECT_THAT(
      faults,
      ElementsAre(HasSubstr("/rows/1: must be a JSON object, got 2"),
                  HasSubstr("/rows/2: must be a JSON object, got an"),
                  HasSubstr("/rows/3: \"n\" is \"x\""),
                  HasSubstr("/rows/4: must be a JSON object, got null")));
}

TEST(JsonArray, RefusesTwinKeysAndDeepNesting) {
  Tree tree;
  tree.Write("a.json", R"({"rows": [{"n": 1}, {"n": 1, "n": 2}]})");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr("/rows/1: key \"n\" is given twice in one object"));
  const auto nested = [](int levels) {
    return "{\"n\": 1, \"deep\": " + std::string(levels, '[') +
           std::string(levels, ']') + "}";
  };
  tree.Write("a.json", "{\"rows\": [" + nested(199) + "]}");
  EXPECT_THAT(ReadNumbers(tree), ElementsAre(1));
  tree.Write("a.json", "{\"rows\": [" + nested(200) + "]}");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr("/rows/0: nested deeper than 200 levels"));
  std::string wide = "{\"n\": 1";
  for (int i = 0; i < 10000; ++i) wide += ", \"k" + std::to_string(i) + "\": 0";
  tree.Write("a.json", "{\"rows\": [" + wide + "}]}");
  EXPECT_THAT(ErrorOf([&] { ReadNumbers(tree); }),
              HasSubstr("/rows/0: more than 10000 keys in one object"));
  // Beside the array, nothing is built, however deep.
  tree.Write("a.json", "{\"deep\": " + std::string(100000, '[') +
                           std::string(100000, ']') +
                           ", \"rows\": [{\"n\": 1}]}");
  EXPECT_THAT(ReadNumbers(tree), ElementsAre(1));
}

TEST(JsonLines, GoesOnWithFaultsWhereTheCallerWantsThem) {
  Tree tree;
  tree.Write("a.jsonl", "{\"t\": \"one\"}\n{\"t\": 2}\n{oops\n\n3\n" +
                            std::string(1000000, '[') + "\n{\"t\": \"two\"}\n");
  std::vector<std::string> texts, faults;
  ReadJsonLines(
      tree.root() / "a.jsonl",
      [&](const JsonRecord& record) { texts.push_back(record.Text("t")); },
      [&](const std::string& what) { faults.push_back(what); });
  EXPECT_THAT(texts, ElementsAre("one", "two"));
  EXPECT_THAT(faults,
              ElementsAre(HasSubstr("line 2: \"t\" is 2, expected a string"),
                          HasSubstr("line 3: not valid JSON at column 2"),
                          HasSubstr("line 5: must be a JSON object, got 3"),
                          HasSubstr("line 6: nested deeper than 200 levels")));
}

TEST(JsonLines, RefusesTwinKeys) {
  Tree tree;
  tree.Write("a.jsonl", R"({"t": "a", "t": "b"})");
  EXPECT_THAT(ErrorOf([&] { ReadTexts(tree); }),
              HasSubstr("line 1: key \"t\" is given twice in one object"));
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
