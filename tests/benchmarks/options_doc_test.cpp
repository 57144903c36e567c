// docs/options.md against the option readers and the suite's schema, both ways:
// names, defaults, ranges and choices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "baselines/methods/method.h"
#include "benchmarks/suite.h"
#include "datasets/dataset.h"

namespace msdbench {
namespace {

struct Row {
  std::string fallback, allowed, meaning;
};
using Rows = std::map<std::string, Row>;  // by pointer in dots

std::vector<std::string> InBackticks(const std::string& text) {
  static const std::regex kQuoted("`([^`]*)`");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), kQuoted), end;
       match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

// A heading's names in backticks go before its table's; none for the suite's.
Rows ReadDocument() {
  Rows rows;
  std::vector<std::string> prefixes;
  std::istringstream lines(ReadTextFile("docs/options.md"));
  static const std::regex kRow(R"(\| `([^`]+)` \| (.+) \| (.+) \| (.+) \|)");
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("## ", 0) == 0) {
      prefixes = InBackticks(line);
      if (prefixes.empty()) prefixes = {""};
    }
    std::smatch cells;
    if (!std::regex_match(line, cells, kRow)) continue;
    for (const std::string& prefix : prefixes) {
      const std::string name =
          (prefix.empty() ? "" : prefix + ".") + cells[1].str();
      EXPECT_TRUE(rows.emplace(name, Row{cells[2], cells[3], cells[4]}).second)
          << name << " stands twice";
    }
  }
  return rows;
}

using Options = std::map<std::string, Json>;  // resolved, by pointer in dots

void Flatten(const Json& json, const std::string& name, Options& out) {
  if (!json.is_object()) {
    out.emplace(name, json);
    return;
  }
  for (const auto& [key, value] : json.items()) {
    Flatten(value, name.empty() ? key : name + "." + key, out);
  }
}

Json SuiteOf(const std::string& format) {
  return {{"name", "s"},
          {"seeds", {1}},
          {"datasets", {{{"name", format}}}},
          {"methods", {"none"}}};
}

// Every option that some reader read, with the default it has there.
Options Resolved() {
  Options options;
  for (const DatasetFormat& format : DatasetFormats()) {
    Json config =
        ParseSuite(SuiteOf(format.name), "s").datasets[0].config.values;
    Json dataset = config["dataset"];
    config.erase("dataset");
    for (const char* named : {"name", "format", "path"}) {
      EXPECT_EQ(dataset[named], format.name);
      dataset.erase(named);
    }
    Flatten(dataset, "datasets.N", options);
    Flatten(config, "", options);
  }
  for (const MethodKind& kind : MethodKinds()) {
    Flatten(MakeMethod(kind.name, Json::object(), {}, "s", "").options.values,
            kind.name, options);
  }
  return options;
}

// The keys that the schema allows, those of whole sections resolved.
void AddSchemaNames(const Json& schema, const Json& node,
                    const std::string& name, std::set<std::string>& names) {
  if (node.contains("$ref")) {
    const auto target = node["$ref"].get<std::string>().substr(1);
    AddSchemaNames(schema, schema.at(Json::json_pointer(target)), name, names);
    return;
  }
  if (!node.contains("properties")) {
    names.insert(name);
    return;
  }
  for (const auto& [key, child] : node["properties"].items()) {
    AddSchemaNames(schema, child, name.empty() ? key : name + "." + key, names);
  }
}

std::set<std::string> SchemaNames() {
  const Json schema = ReadJsonFile("benchmarks/schemas/suite.schema.json");
  std::set<std::string> names;
  AddSchemaNames(schema, schema, "", names);
  Json dataset = schema["definitions"]["dataset"];
  // Sections that stand in both places are told once.
  for (const char* section : {"input", "teacher", "student", "distillation",
                              "removal", "meta_fraction"}) {
    EXPECT_EQ(dataset["properties"].erase(section), 1U) << section;
  }
  AddSchemaNames(schema, dataset, "datasets.N", names);
  AddSchemaNames(schema, schema["definitions"]["method"], "methods.N", names);
  return names;
}

TEST(OptionsDocument, HasALineForEveryOptionAndNoOther) {
  std::set<std::string> wanted = SchemaNames();
  for (const auto& [name, unused] : Resolved()) wanted.insert(name);
  const Rows rows = ReadDocument();
  for (const std::string& name : wanted) {
    EXPECT_EQ(rows.count(name), 1U) << name << " has no line";
  }
  for (const auto& [name, row] : rows) {
    EXPECT_EQ(wanted.count(name), 1U) << name << " is no option";
    EXPECT_FALSE(row.meaning.empty()) << name;
  }
}

TEST(OptionsDocument, TellsTheDefaultThatTheReaderHas) {
  const Options resolved = Resolved();
  for (const auto& [name, row] : ReadDocument()) {
    const auto known = resolved.find(name);
    if (known == resolved.end()) continue;  // required, or of its name
    const auto quoted = InBackticks(row.fallback);
    ASSERT_EQ(quoted.size(), 1U) << name << ": " << row.fallback;
    EXPECT_EQ(ParseJson(quoted[0], name), known->second) << name;
  }
}

// The message for `value` as the option `name`.
std::string Refusal(const std::string& name, const Json& value) {
  std::string pointer = "/" + name;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  const std::string kind = name.substr(0, name.find('.'));
  for (const DatasetFormat& format : DatasetFormats()) {
    Json suite = SuiteOf(format.name);
    bool is_method = false;
    for (const MethodKind& known : MethodKinds()) {
      if (known.name != kind) continue;
      is_method = true;
      suite["methods"] = {{{"name", kind}, {"options", Json::object()}}};
      suite["methods"][0]["options"][name.substr(kind.size() + 1)] = value;
    }
    if (!is_method) {
      const auto number = pointer.find("/N");
      if (number != pointer.npos) {
        if (pointer.rfind("/methods", 0) == 0) {
          suite["methods"] = {{{"name", "none"}}};
        }
        pointer.replace(number, 2, "/0");
      }
      suite[Json::json_pointer(pointer)] = value;
    }
    try {
      ParseSuite(suite, "s");
    } catch (const Error& error) {
      const std::string what = error.what();
      const bool of_another_format = what.find("unknown option") != what.npos;
      if (!of_another_format) return what;
    }
  }
  return "";
}

// "from A to B", or "at least A, at most B", as numbers.
std::vector<double> RangeIn(const std::string& text) {
  static const std::regex kRange(
      R"((?:from|at least) ([-+.0-9e]+)(?: to|, at most) ([-+.0-9e]+))");
  std::smatch match;
  if (!std::regex_search(text, match, kRange)) return {};
  return {std::atof(match[1].str().c_str()), std::atof(match[2].str().c_str())};
}

TEST(OptionsDocument, TellsTheRangesThatAreChecked) {
  int ranges = 0;
  for (const auto& [name, row] : ReadDocument()) {
    // The schema is asked first and knows wider bounds: one value is beyond
    // those, one only beyond the reader's.
    for (const Json& value : {Json(-1'000'000'000'000'000), Json(0.9999999),
                              Json{-1'000'000'000'000'000}}) {
      const std::vector<double> checked = RangeIn(Refusal(name, value));
      if (checked.empty()) continue;
      EXPECT_EQ(RangeIn(row.allowed), checked) << name << ": " << row.allowed;
      ++ranges;
      break;
    }
  }
  EXPECT_GE(ranges, 60);
}

TEST(OptionsDocument, TellsTheChoicesThatThereAre) {
  static const std::regex kNames("(?:is not one of|known:|allowed:) (.*)$");
  int choices = 0;
  for (const auto& [name, row] : ReadDocument()) {
    const std::string refusal = Refusal(name, "nothing-of-the-kind");
    const std::string key = name.substr(name.rfind('.') + 1);
    // A name may be refused for what follows from it.
    const bool of_it = refusal.find("/" + key + ": ") != refusal.npos ||
                       name == "methods.N.method";
    std::smatch match;
    if (!of_it || !std::regex_search(refusal, match, kNames)) continue;
    std::set<std::string> checked;
    std::string names = match[1];
    names = names.substr(0, names.find(", got"));
    names.erase(std::remove(names.begin(), names.end(), '"'), names.end());
    std::istringstream list(names);
    for (std::string one; std::getline(list, one, ',');) {
      checked.insert(one.substr(one.find_first_not_of(' ')));
    }
    const bool is_type = checked.size() < 2 || checked.count("integer") > 0 ||
                         checked.count("number") > 0 ||
                         checked.count("array") > 0;
    if (is_type) continue;
    const auto quoted = InBackticks(row.allowed);
    EXPECT_EQ(std::set<std::string>(quoted.begin(), quoted.end()), checked)
        << name << ": " << refusal;
    ++choices;
  }
  EXPECT_GE(choices, 15);
}

}  // namespace
}  // namespace msdbench
