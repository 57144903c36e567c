// CheckJson: valijson decides, this file says in words what is wrong.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <regex>
#include <set>
#include <tuple>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "reports/json_file.h"
#include "reports/near_name.h"
// valijson's adapter is written for the key-sorting flavour of nlohmann's JSON.
// It is to see ours as it is: a sorted copy costs a third of a check.
#define json ordered_json
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#undef json

namespace msdbench {
namespace {

using Nodes = std::vector<const Json*>;
using valijson::ValidationResults;
using valijson::adapters::NlohmannJsonAdapter;

struct Compiled {
  Json text;
  valijson::Schema schema;
};

const Compiled& CompiledSchema(std::string_view text) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Compiled>, std::less<>> cache;
  const std::lock_guard<std::mutex> lock(mutex);
  auto found = cache.find(text);
  if (found == cache.end()) {
    auto compiled = std::make_unique<Compiled>();
    compiled->text = Json::parse(text);
    NlohmannJsonAdapter adapter(compiled->text);
    valijson::SchemaParser().populateSchema(adapter, compiled->schema);
    found = cache.emplace(std::string(text), std::move(compiled)).first;
  }
  return *found->second;
}

std::string Show(const Json& value) {
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/false,
                                Json::error_handler_t::replace);
  constexpr std::size_t kMost = 80;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (text[end] & 0xC0) == 0x80)
    --end;  // whole UTF-8 characters
  return text.substr(0, end) + "...";
}

std::string Join(const std::vector<std::string>& parts, const char* with) {
  return fmt::format("{}", fmt::join(parts, with));
}

// valijson spells places {"<root>", "[a]", "[0]"}.
std::vector<std::string> KeysOf(const ValidationResults::Error& error) {
  std::vector<std::string> keys;
  for (std::size_t i = 1; i < error.context.size(); ++i) {
    const std::string& part = error.context[i];
    keys.push_back(part.substr(1, part.size() - 2));
  }
  return keys;
}

std::string PointerOf(const std::vector<std::string>& keys) {
  Json::json_pointer pointer;
  for (const std::string& key : keys) pointer /= key;
  return keys.empty() ? "(top level)" : pointer.to_string();
}

bool Fulfils(const Json& root, const Json& node, const Json& value) {
  Json alone = {{"allOf", {node}}};
  if (root.contains("definitions")) alone["definitions"] = root["definitions"];
  valijson::Schema schema;
  NlohmannJsonAdapter schema_adapter(alone);
  valijson::SchemaParser().populateSchema(schema_adapter, schema);
  const NlohmannJsonAdapter adapter(value);
  return valijson::Validator().validate(schema, adapter, nullptr);
}

// Every schema that has a say on `value`, to which `node` applies.
void Expand(const Json& root, const Json& node, const Json& value, Nodes& out) {
  if (!node.is_object()) return;
  if (std::find(out.begin(), out.end(), &node) != out.end()) return;
  out.push_back(&node);
  if (node.contains("$ref")) {
    const auto& target = node["$ref"].get_ref<const std::string&>();
    const Json::json_pointer pointer(target.substr(target.find('#') + 1));
    Expand(root, root.at(pointer), value, out);
  }
  for (const char* several : {"allOf", "anyOf", "oneOf"}) {
    if (!node.contains(several)) continue;
    for (const Json& member : node[several]) Expand(root, member, value, out);
  }
  if (!node.contains("if")) return;
  const char* branch = Fulfils(root, node["if"], value) ? "then" : "else";
  if (node.contains(branch)) Expand(root, node[branch], value, out);
}

// Of the schemas of a parent, those of its child `value` at `key`.
Nodes Descend(const Json& root, const Nodes& nodes, const std::string& key,
              const Json& value) {
  Nodes next;
  for (const Json* node : nodes) {
    bool matched = false;
    if (node->contains("properties") && (*node)["properties"].contains(key)) {
      Expand(root, (*node)["properties"][key], value, next);
      matched = true;
    }
    if (node->contains("patternProperties")) {
      for (const auto& [pattern, schema] :
           (*node)["patternProperties"].items()) {
        if (!std::regex_search(key, std::regex(pattern))) continue;
        Expand(root, schema, value, next);
        matched = true;
      }
    }
    if (!matched && node->contains("additionalProperties")) {
      Expand(root, (*node)["additionalProperties"], value, next);
    }
    if (node->contains("items")) Expand(root, (*node)["items"], value, next);
  }
  return next;
}

bool HasType(const Json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == value.type_name();  // null, boolean, string, array, object
}

std::vector<std::string> TypesOf(const Json& node) {
  if (!node.contains("type")) return {};
  if (node["type"].is_string()) return {node["type"]};
  return node["type"].get<std::vector<std::string>>();
}

bool Violates(const Json& node, const Json& value) {
  const auto types = TypesOf(node);
  if (!types.empty() &&
      std::none_of(types.begin(), types.end(), [&](const std::string& type) {
        return HasType(value, type);
      })) {
    return true;
  }
  if (node.contains("const") && node["const"] != value) return true;
  if (node.contains("enum")) {
    const Json& allowed = node["enum"];
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
      return true;
    }
  }
  const auto below = [&](const char* limit, auto measure) {
    return node.contains(limit) && measure < node[limit];
  };
  const auto above = [&](const char* limit, auto measure) {
    return node.contains(limit) && measure > node[limit];
  };
  if (value.is_number()) {
    const double number = value.get<double>();
    if (below("minimum", number) || above("maximum", number)) return true;
    if (node.contains("exclusiveMinimum") &&
        number <= node["exclusiveMinimum"]) {
      return true;
    }
    return node.contains("exclusiveMaximum") &&
           number >= node["exclusiveMaximum"];
  }
  if (value.is_array()) {
    return below("minItems", value.size()) || above("maxItems", value.size());
  }
  if (value.is_object()) {
    return below("minProperties", value.size()) ||
           above("maxProperties", value.size());
  }
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const auto length = std::count_if(
        text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return below("minLength", length) || above("maxLength", length) ||
           (node.contains("pattern") &&
            !std::regex_search(text, std::regex(std::string(node["pattern"]))));
  }
  return false;
}

// What a schema without sub-schemas allows, in words; empty when it says
// nothing that a person could be told.
std::string Allows(const Json& node) {
  if (node.contains("const")) return Show(node["const"]);
  std::vector<std::string> parts;
  if (node.contains("enum")) {
    for (const Json& value : node["enum"]) parts.push_back(Show(value));
    return Join(parts, ", ");
  }
  auto types = TypesOf(node);
  for (std::string& type : types) {
    if (type == "boolean") type = "true or false";
  }
  if (!types.empty()) parts.push_back(Join(types, " or "));
  constexpr std::pair<const char*, const char*> kLimits[] = {
      {"minimum", "at least {}"},
      {"exclusiveMinimum", "greater than {}"},
      {"maximum", "at most {}"},
      {"exclusiveMaximum", "less than {}"},
      {"minLength", "at least {} characters"},
      {"maxLength", "at most {} characters"},
      {"minItems", "at least {} items"},
      {"maxItems", "at most {} items"},
      {"minProperties", "at least {} keys"},
      {"maxProperties", "at most {} keys"}};
  for (const auto& [key, words] : kLimits) {
    if (!node.contains(key)) continue;
    parts.push_back(fmt::format(fmt::runtime(words), node[key].dump()));
  }
  if (node.contains("pattern")) {
    // A pattern explains itself badly; the schema's author may have.
    const std::string pattern = node["pattern"];
    parts.push_back(node.value("description", "matching " + pattern));
  }
  return Join(parts, ", ");
}

std::string UnknownKey(const std::string& key, const Nodes& nodes) {
  std::set<std::string> allowed;
  for (const Json* node : nodes) {
    if (!node->contains("properties")) continue;
    for (const auto& item : (*node)["properties"].items()) {
      allowed.insert(item.key());
    }
  }
  return fmt::format(
      "unknown key{}; allowed: {}",
      DidYouMean(key, {allowed.begin(), allowed.end()}),
      allowed.empty() ? "none" : fmt::format("{}", fmt::join(allowed, ", ")));
}

// The key that valijson names in apostrophes after the words `before`.
std::string Quoted(const std::string& description, const std::string& before) {
  const auto start = description.find(before);
  if (start == std::string::npos) return "";
  const auto from = start + before.size();
  return description.substr(from, description.rfind('\'') - from);
}

// A line that only says that something further in has failed.
bool IsWrapper(const ValidationResults::Error& error) {
  return error.description.rfind("Failed to validate", 0) == 0;
}

bool IsTypeError(const ValidationResults::Error& error) {
  return error.description.rfind("Value type not permitted", 0) == 0;
}

// The innermost fault. Of several at one place a wrong type says least: it is
// often only the "null" of an "object or null".
ValidationResults::Error MostSpecific(const ValidationResults& results) {
  const auto rank = [](const ValidationResults::Error& error) {
    return std::make_tuple(!IsWrapper(error), error.context.size(),
                           !IsTypeError(error));
  };
  auto best = results.begin();
  for (auto error = results.begin(); error != results.end(); ++error) {
    if (rank(*error) > rank(*best)) best = error;
  }
  return best == results.end() ? ValidationResults::Error{{"<root>"}, ""}
                               : *best;
}

std::string Explain(const Json& schema, const Json& document,
                    const ValidationResults::Error& error) {
  std::vector<std::string> keys = KeysOf(error);
  Nodes nodes;
  Expand(schema, schema, document, nodes);
  const Json* value = &document;
  for (const std::string& key : keys) {
    value = value->is_array() ? &value->at(std::stoul(key)) : &value->at(key);
    nodes = Descend(schema, nodes, key, *value);
  }

  const std::string missing =
      Quoted(error.description, "Missing required property '");
  if (!missing.empty()) {
    return fmt::format("{}: the required key \"{}\" is missing",
                       PointerOf(keys), missing);
  }
  const std::string unknown =
      Quoted(error.description,
             "'properties' or 'additionalProperties' constraints: '");
  if (!unknown.empty()) {
    keys.push_back(unknown);
    return PointerOf(keys) + ": " + UnknownKey(unknown, nodes);
  }

  const std::string refused =
      Quoted(error.description, "associated with property name '");
  if (!refused.empty()) {  // a schema `false`: no fault further in
    keys.push_back(refused);
    return PointerOf(keys) + ": this key is not allowed here";
  }

  std::vector<std::string> allowed;
  for (const Json* node : nodes) {
    if (!Violates(*node, *value)) continue;
    const std::string text = Allows(*node);
    if (text.empty()) continue;
    if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
      allowed.push_back(text);
    }
  }
  return fmt::format("{}: {} is not allowed; {}", PointerOf(keys), Show(*value),
                     allowed.empty() ? error.description
                                     : "allowed: " + Join(allowed, " or "));
}

}  // namespace

void CheckJson(const Json& document, std::string_view schema_text,
               const std::string& source, ExitCode code) {
  const Compiled& compiled = CompiledSchema(schema_text);
  const NlohmannJsonAdapter adapter(document);
  // Holds compiled patterns, which are costly; not for use by two threads.
  thread_local valijson::Validator validator;
  // Nearly all documents are right: collect the faults only of those that
  // are not.
  if (validator.validate(compiled.schema, adapter, nullptr)) return;
  ValidationResults results;
  validator.validate(compiled.schema, adapter, &results);
  throw Error(
      code,
      source + ": " + Explain(compiled.text, document, MostSpecific(results)));
}

}  // namespace msdbench
