#include "reports/config_reader.h"

#include <gtest/gtest.h>

namespace msdbench {
namespace {

std::string MessageOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(ConfigReader, FillsDefaultsInTheOrderOfReading) {
  ConfigReader reader(Json{{"b", 2}, {"name", "x"}}, "s", "/o");
  EXPECT_EQ(reader.Integer("a", 1, 0, 9), 1);
  EXPECT_EQ(reader.Number("b", 0.5, 0, 9), 2);
  EXPECT_EQ(reader.Text("name", ""), "x");
  EXPECT_TRUE(reader.Flag("on", true));
  EXPECT_EQ(reader.Finish().values.dump(),
            R"({"a":1,"b":2.0,"name":"x","on":true})");
}

TEST(ConfigReader, ChangesAreWhatIsNotTheDefault) {
  const auto read = [](const Json& given) {
    ConfigReader reader(given, "s", "/o");
    reader.Integer("a", 1, 0, 9);
    reader.Number("b", 0.5, 0, 9);
    reader.Texts("list", {"x"});
    reader.Choice("mode", 1, {{"fast", 1}, {"exact", 2}});
    ConfigReader inner = reader.Section("inner");
    inner.Flag("on", false);
    reader.Put("inner", inner.Finish());
    return reader.Finish().changes.dump();
  };
  EXPECT_EQ(read(Json::object()), "{}");
  EXPECT_EQ(read({{"a", 1},
                  {"b", 0.5},
                  {"list", {"x"}},
                  {"mode", "fast"},
                  {"inner", {{"on", false}}}}),
            "{}");
  EXPECT_EQ(read({{"b", 2}, {"inner", {{"on", true}}}, {"mode", "exact"}}),
            R"({"b":2.0,"mode":"exact","inner":{"on":true}})");
}

TEST(ConfigReader, ErrorsNameSourcePointerValueAndWhatIsAllowed) {
  EXPECT_EQ(MessageOf([] {
              ConfigReader reader(Json{{"a", 12}}, "s.json", "/o");
              reader.Integer("a", 1, 0, 9);
            }),
            "s.json: /o/a: a whole number from 0 to 9 is wanted, got 12");
  EXPECT_EQ(MessageOf([] {
              ConfigReader reader(Json{{"a", 1.5}}, "s.json", "/o");
              reader.Integer("a", 1, 0, 9);
            }),
            "s.json: /o/a: a whole number from 0 to 9 is wanted, got 1.5");
  EXPECT_EQ(MessageOf([] {
              ConfigReader reader(Json{{"a", "yes"}}, "s.json", "/o");
              reader.Flag("a", false);
            }),
            "s.json: /o/a: true or false is wanted, got \"yes\"");
  EXPECT_EQ(MessageOf([] {
              ConfigReader reader(Json{{"a", "z"}}, "s.json", "/o");
              reader.Choice("a", 1, {{"x", 1}, {"y", 2}});
            }),
            "s.json: /o/a: \"z\" is not one of x, y");
  EXPECT_EQ(MessageOf([] { ConfigReader(Json(3), "s.json", "/o"); }),
            "s.json: /o: an object is wanted, got 3");
}

TEST(ConfigReader, UnknownKeysAreNamedWithTheKnownOnes) {
  ConfigReader reader(Json{{"rate", 1}}, "s.json", "/o");
  reader.Number("learning_rate", 0.1, 0, 1);
  EXPECT_EQ(MessageOf([&] { reader.Finish(); }),
            "s.json: /o/rate: unknown option; known here: learning_rate");
}

TEST(ConfigReader, SectionsExtendThePointer) {
  ConfigReader reader(Json{{"in", {{"n", -1}}}}, "s.json", "");
  ConfigReader inner = reader.Section("in");
  EXPECT_EQ(MessageOf([&] { inner.Integer("n", 1, 0, 5); }),
            "s.json: /in/n: a whole number from 0 to 5 is wanted, got -1");
}

TEST(ConfigReader, Lists) {
  ConfigReader reader(Json{{"n", {1, 2}}, {"t", {"a", 3}}}, "s.json", "");
  EXPECT_EQ(reader.Integers("n", {}, 0, 9), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(MessageOf([&] { reader.Texts("t", {}); }),
            "s.json: /t: a list of texts is wanted, got [\"a\",3]");
  EXPECT_EQ(reader.Numbers("x", {0.5}), (std::vector<double>{0.5}));
}

}  // namespace
}  // namespace msdbench
