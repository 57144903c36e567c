#include "reports/json_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

std::size_t FilesIn(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

std::string ParseError(const std::string& text) {
  return ErrorOf([&] { ParseJson(text, "a.json"); });
}

TEST(ParseJson, KeepsKeyOrderAndAllowsComments) {
  const Json json =
      ParseJson("{\"b\": 1, /* two */ \"a\": 2} // end", "a.json");
  EXPECT_EQ(json.dump(), "{\"b\":1,\"a\":2}");
}

TEST(ParseJson, NamesFileLineAndColumn) {
  const std::string error = ParseError("{\n  \"a\": 1,\n  \"b\": }\n");
  EXPECT_EQ(error.rfind("a.json: not valid JSON: parse error at line 3, column "
                        "8: ",
                        0),
            0u)
      << error;
  EXPECT_EQ(error.find('\n'), std::string::npos);
}

TEST(ParseJson, TheCodeIsTheCallers) {
  try {
    ParseJson("", "a.json", ExitCode::kUsage);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
  }
}

TEST(ParseJson, AKeyGivenTwiceIsAnError) {
  EXPECT_EQ(
      ParseError("{\"a\": {\"seeds\": 1, \"b\": {}, \"seeds\": 2}}"),
      "a.json: key \"seeds\" is given twice in one object; allowed: once");
  // Equal keys of different objects are none of that.
  EXPECT_EQ(ParseError("{\"a\": [{\"x\": 1}, {\"x\": 2}], \"x\": {\"x\": 3}}"),
            "");
}

TEST(ParseJson, DeepNestingIsAnErrorNotACrash) {
  EXPECT_EQ(ParseError(std::string(100000, '[')),
            "a.json: nested deeper than 200 levels");
  EXPECT_EQ(ParseError(std::string(200, '[') + std::string(200, ']')), "");
  // Large texts too, whose keys are not checked; brackets in texts are none.
  const std::string text = "\"" + std::string(2'000'000, '[') + "\\\"[\"";
  EXPECT_EQ(ParseError("[" + text + "]"), "");
  EXPECT_EQ(ParseError("[" + text + "," + std::string(200, '[')),
            "a.json: nested deeper than 200 levels");
}

// The JSON library ends a comment there, so what follows counts.
TEST(ParseJson, ACarriageReturnEndsAComment) {
  EXPECT_EQ(
      ParseError("//\r" + std::string(100000, '[') + std::string(100000, ']')),
      "a.json: nested deeper than 200 levels");
}

TEST(ParseJson, ManyKeysOfOneObjectAreAnError) {
  const auto object = [](int keys) {
    std::string text = "{\"0\":0";
    for (int i = 1; i < keys; ++i) text += fmt::format(",\"{}\":0", i);
    return text + "}";
  };
  EXPECT_EQ(ParseError(object(10000)), "");
  EXPECT_EQ(ParseError(object(10001)),
            "a.json: more than 10000 keys in one object");
}

TEST(ParseJson, ANumberBeyondDoubleIsAnErrorWithItsPlace) {
  EXPECT_EQ(ParseError("[1,\n 1e999]"),
            "a.json: not valid JSON: parse error at line 2, column 6: number "
            "overflow parsing '1e999'");
}

TEST(ParseJson, AnErrorQuotesNoLongText) {
  EXPECT_LT(ParseError("[\"" + std::string(100000, 'a')).size(), 300u);
}

TEST(ParseJson, BytesThatAreNotUtf8AreAnError) {
  EXPECT_NE(ParseError("{\"a\": \"\xff\"}"), "");
}

TEST(ReadJsonFile, NamesAFileThatIsNotThere) {
  const TestFolder folder;
  const std::string none = (folder / "none.json").string();
  EXPECT_EQ(ErrorOf([&] { ReadJsonFile(none); }),
            none + ": cannot be read: No such file or directory");
  EXPECT_EQ(ErrorOf([&] { ReadTextFile(folder.path()); }),
            folder.path().string() +
                ": cannot be read: it is a folder, a regular file is wanted");
}

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["name"],
  "properties": {
    "name": {"type": "string", "minLength": 1},
    "mode": {"enum": ["fast", "exact", 3]},
    "count": {"type": "integer", "minimum": 1, "maximum": 9},
    "hash": {"type": "string", "pattern": "^[0-9a-f]{4}$",
             "description": "4 hexadecimal digits"},
    "a/b": {"type": "integer"},
    "never": false,
    "model": {
      "anyOf": [{"type": "null"}, {"$ref": "#/definitions/model"}]
    },
    "layers": {"type": "array", "maxItems": 2,
               "items": {"$ref": "#/definitions/layer"}},
    "weights": {"additionalProperties": {"type": "number"}}
  },
  "if": {"properties": {"mode": {"const": "exact"}}, "required": ["mode"]},
  "then": {"properties": {"count": {"const": 2}}},
  "definitions": {
    "model": {
      "type": "object", "additionalProperties": false, "required": ["layer"],
      "properties": {"layer": {"$ref": "#/definitions/layer"},
                     "temperature": {"type": "number", "exclusiveMinimum": 0}}
    },
    "layer": {
      "type": "object", "additionalProperties": false, "required": ["size"],
      "properties": {"size": {"type": ["integer", "null"]},
                     "activation": {"enum": ["relu", "gelu"]}}
    }
  }
})";

std::string Check(const char* document) {
  return ErrorOf([&] {
    CheckJson(ParseJson(document, "s.json"), kSchema, "s.json",
              ExitCode::kUsage);
  });
}

TEST(CheckJson, AcceptsWhatTheSchemaAllows) {
  EXPECT_EQ(Check(R"({"name": "x"})"), "");
  EXPECT_EQ(Check(R"({"name": "x", "mode": 3, "count": 9, "hash": "00ff",
                      "a/b": 1, "model": null, "layers": [{"size": null}],
                      "weights": {"any": 0.5}})"),
            "");
}

TEST(CheckJson, WrongTypes) {
  EXPECT_EQ(Check("[]"),
            "s.json: (top level): [] is not allowed; allowed: object");
  EXPECT_EQ(Check(R"({"name": 7})"),
            "s.json: /name: 7 is not allowed; allowed: string, at least 1 "
            "characters");
  EXPECT_EQ(Check(R"({"name": "x", "count": "many"})"),
            "s.json: /count: \"many\" is not allowed; allowed: integer, at "
            "least 1, at most 9");
  EXPECT_EQ(Check(R"({"name": "x", "weights": {"text": "half"}})"),
            "s.json: /weights/text: \"half\" is not allowed; allowed: number");
}

TEST(CheckJson, LimitsAndPatterns) {
  EXPECT_EQ(Check(R"({"name": "x", "count": 0})"),
            "s.json: /count: 0 is not allowed; allowed: integer, at least 1, "
            "at most 9");
  EXPECT_EQ(Check(R"({"name": "x", "hash": "00FF"})"),
            "s.json: /hash: \"00FF\" is not allowed; allowed: string, 4 "
            "hexadecimal digits");
  EXPECT_EQ(Check(R"({"name": "x", "model": {"layer": {"size": 1},
                      "temperature": 0}})"),
            "s.json: /model/temperature: 0 is not allowed; allowed: number, "
            "greater than 0");
  EXPECT_EQ(Check(R"({"name": "x", "layers":
                      [{"size": 1}, {"size": 1}, {"size": 1}]})"),
            "s.json: /layers: [{\"size\":1},{\"size\":1},{\"size\":1}] is not "
            "allowed; allowed: array, at most 2 items");
}

TEST(CheckJson, EnumsListTheirValues) {
  EXPECT_EQ(Check(R"({"name": "x", "mode": "slow"})"),
            "s.json: /mode: \"slow\" is not allowed; allowed: \"fast\", "
            "\"exact\", 3");
}

TEST(CheckJson, NestedFaultsAreNamedWhereTheyAre) {
  EXPECT_EQ(Check(R"({"name": "x", "layers": [{"size": 1},
                      {"size": 2, "activation": "tanh"}]})"),
            "s.json: /layers/1/activation: \"tanh\" is not allowed; allowed: "
            "\"relu\", \"gelu\"");
  // Behind anyOf: not "neither null nor model", but what is wrong inside.
  EXPECT_EQ(Check(R"({"name": "x", "model": {"layer": {"size": 1.5}}})"),
            "s.json: /model/layer/size: 1.5 is not allowed; allowed: integer "
            "or null");
  EXPECT_EQ(Check(R"({"name": "x", "model": 1})"),
            "s.json: /model: 1 is not allowed; allowed: null or object");
}

TEST(CheckJson, UnknownKeysAreNamed) {
  EXPECT_EQ(Check(R"({"name": "x", "colour": 1})"),
            "s.json: /colour: unknown key; allowed: a/b, count, hash, layers, "
            "mode, model, name, never, weights");
  EXPECT_EQ(Check(R"({"name": "x", "model": {"layer":
                      {"size": 1, "activatoin": "relu"}}})"),
            "s.json: /model/layer/activatoin: unknown key (did you mean "
            "\"activation\"?); allowed: activation, size");
}

TEST(CheckJson, MissingKeysAreNamed) {
  EXPECT_EQ(Check("{}"),
            "s.json: (top level): the required key \"name\" is missing");
  EXPECT_EQ(Check(R"({"name": "x", "model": {"layer": {}}})"),
            "s.json: /model/layer: the required key \"size\" is missing");
  // Against anyOf's null branch this is a wrong type too, which says less.
  EXPECT_EQ(Check(R"({"name": "x", "model": {}})"),
            "s.json: /model: the required key \"layer\" is missing");
}

TEST(CheckJson, ConditionsAndForbiddenKeys) {
  EXPECT_EQ(Check(R"({"name": "x", "mode": "exact", "count": 3})"),
            "s.json: /count: 3 is not allowed; allowed: 2");
  EXPECT_EQ(Check(R"({"name": "x", "never": 1})"),
            "s.json: /never: this key is not allowed here");
}

TEST(CheckJson, PointersAreEscaped) {
  EXPECT_EQ(Check(R"({"name": "x", "a/b": "no"})"),
            "s.json: /a~1b: \"no\" is not allowed; allowed: integer");
}

TEST(CheckJson, LongValuesAreCutBetweenCharacters) {
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "é";
  const Json document = {{"name", "x"}, {"mode", wide}};
  const std::string error = ErrorOf(
      [&] { CheckJson(document, kSchema, "s.json", ExitCode::kUsage); });
  // 80 bytes: the quotation mark, 39 characters of two bytes, and half of one.
  EXPECT_EQ(error.substr(0, 15 + 1 + 78 + 3),
            "s.json: /mode: \"" + wide.substr(0, 78) + "...");
}

TEST(CheckJson, ThreadsShareTheCompiledSchema) {
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t, &right] {
      for (int i = 0; i < 50; ++i) {
        right[t] += Check(R"({"name": "x", "hash": "0123"})").empty();
        right[t] += !Check(R"({"name": "x", "hash": "012"})").empty();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 100));
}

TEST(WriteFileAtomically, WritesIntoNewFoldersAndReplaces) {
  const TestFolder folder;
  const fs::path file = folder.path() / "a" / "b" / "c.txt";
  WriteFileAtomically(file, "first, and longer");
  EXPECT_EQ(ReadTextFile(file), "first, and longer");
  WriteFileAtomically(file, std::string_view("se\0ond", 6));
  EXPECT_EQ(ReadTextFile(file), std::string("se\0ond", 6));
  WriteFileAtomically(file, "");
  EXPECT_EQ(ReadTextFile(file), "");
  EXPECT_EQ(FilesIn(file.parent_path()), 1u);
}

TEST(WriteFileAtomically, AFolderInTheWayIsAnError) {
  const TestFolder folder;
  fs::create_directories(folder / "taken");
  const std::string error =
      ErrorOf([&] { WriteFileAtomically(folder / "taken", "text"); });
  EXPECT_EQ(
      error.rfind((folder / "taken").string() + ": cannot be written: ", 0), 0u)
      << error;
  EXPECT_EQ(FilesIn(folder.path()), 1u);

  std::ofstream(folder / "file") << "x";
  const std::string below = (folder / "file").string() + "/below.txt";
  EXPECT_EQ(ErrorOf([&] {
              WriteFileAtomically(below, "text");
            }).rfind(below + ": cannot be written: ", 0),
            0u);
}

TEST(WriteFileAtomically, AFullDiskKeepsTheOldFile) {
  const TestFolder folder;
  WriteFileAtomically(folder / "a.txt", "old");
  // The limit stands in for the full disk: writing stops after 1000 bytes.
  rlimit old_limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = old_limit;
  limit.rlim_cur = 1000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const std::string error = ErrorOf(
      [&] { WriteFileAtomically(folder / "a.txt", std::string(5000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(error, (folder / "a.txt").string() +
                       ": cannot be written: File too large");
  EXPECT_EQ(ReadTextFile(folder / "a.txt"), "old");
  EXPECT_EQ(FilesIn(folder.path()), 1u);
}

}  // namespace
}  // namespace msdbench
