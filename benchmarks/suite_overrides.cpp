#include "benchmarks/suite_overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "benchmarks/suite.h"
#include "reports/error.h"

namespace msdbench {
namespace {

// An array takes one more item behind its last; the JSON library would fill any
// gap with nulls.
void CheckPlace(const Json& suite, const std::string& pointer,
                const std::string& text) {
  const Json* at = &suite;
  for (std::size_t start = 1; at != nullptr && start <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', start), pointer.size());
    const std::string key = pointer.substr(start, end - start);
    start = end + 1;
    if (at->is_array()) {
      std::size_t index = at->size() + 1;
      if (key == "-") index = at->size();  // "append" in a JSON pointer
      std::from_chars(key.data(), key.data() + key.size(), index);
      if (index > at->size()) {
        throw UsageError(fmt::format(
            "--set {}: {} is no place in a list of {}; allowed: 0 to {}", text,
            key, at->size(), at->size()));
      }
      at = index < at->size() ? &(*at)[index] : nullptr;
    } else {
      const auto found = at->find(key);
      at = found == at->end() ? nullptr : &*found;
    }
  }
}

// A data set's own sections go before the suite's; what the command line says
// goes before both.
void EraseFromDatasets(Json& suite, Json::json_pointer place) {
  const std::string pointer = place.to_string();
  const std::string section = pointer.substr(1, pointer.find('/', 1) - 1);
  if (std::find(std::begin(kSuiteSections), std::end(kSuiteSections),
                section) == std::end(kSuiteSections) ||
      !suite.contains("datasets")) {
    return;
  }
  // Lists are merged whole, so a change inside one takes the entry's list away.
  while (suite[place.parent_pointer()].is_array()) place.pop_back();
  const Json::json_pointer parent = place.parent_pointer();
  for (Json& entry : suite["datasets"]) {
    if (!entry.is_object() || !entry.contains(parent)) continue;
    if (entry[parent].is_object()) entry[parent].erase(place.back());
  }
}

}  // namespace

void ApplyOverrides(Json& suite, const std::vector<std::string>& overrides) {
  for (const std::string& text : overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("--set " + text + ": the form a.b=value is wanted");
    }
    if (OneLine(text) != text) {
      throw UsageError("--set " + text +
                       ": holds a control character or is not UTF-8");
    }
    std::string pointer = "/" + text.substr(0, equals);
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    CheckPlace(suite, pointer, text);
    const std::string value = text.substr(equals + 1);
    Json parsed = Json::parse(value, nullptr, /*allow_exceptions=*/false);
    if (parsed.is_discarded()) parsed = value;
    try {
      const Json::json_pointer place(pointer);
      suite[place] = parsed;
      EraseFromDatasets(suite, place);
    } catch (const nlohmann::json::exception&) {
      throw UsageError("--set " + text + ": there is no such place");
    }
  }
}

}  // namespace msdbench
