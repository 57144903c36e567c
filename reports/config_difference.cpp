#include "reports/config_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "reports/record.h"

namespace msdbench {
namespace {

// Options that came while records did not tell yet what is a default, with
// theirs. Nothing is added here: later options stand in `config_changes`.
const std::vector<std::pair<std::string_view, Json>>& OldDefaults() {
  static const std::vector<std::pair<std::string_view, Json>> defaults = {
      {"/dataset/plot", "first"},
      {"/dataset/threshold", "fixed"},
      {"/dataset/premise", false},
      {"/dataset/answers_from", Json::array()},
      {"/input/features/weights", ""},
      {"/input/features/store", ""},
      {"/input/features/grid", 0},
      {"/input/features/tokens", 0},
      {"/input/features/precision", "stored"},
      {"/teacher/init/from", ""},
      {"/teacher/init/layers", Json::array()},
      {"/teacher/model/precision", "fp32"},
      {"/student/init/from", ""},
      {"/student/init/layers", Json::array()},
      {"/student/model/precision", "fp32"}};
  return defaults;
}

bool WasDefault(std::string_view pointer, const Json& value) {
  return std::any_of(OldDefaults().begin(), OldDefaults().end(),
                     [&](const auto& item) {
                       return item.first == pointer && item.second == value;
                     });
}

const Json* Member(const Json* object, const std::string& key) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto found = object->find(key);
  return found == object->end() || found->is_null() ? nullptr : &*found;
}

// One part of a JSON pointer, RFC 6901.
std::string Escaped(const std::string& key) {
  std::string text;
  for (const char c : key) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

// Whatever the order of the keys, which the JSON library's own == minds.
bool Same(const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    return a.size() == b.size() &&
           std::all_of(a.items().begin(), a.items().end(), [&](const auto& i) {
             const auto found = b.find(i.key());
             return found != b.end() && Same(i.value(), *found);
           });
  }
  if (a.is_array() && b.is_array()) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), Same);
  }
  return a == b;
}

class Comparer {
 public:
  Comparer(const StoredConfig& first, const StoredConfig& second)
      : known_{!first.changes.is_null(), !second.changes.is_null()} {
    const auto part = [](const Json& json) {
      return json.is_null() ? nullptr : &json;
    };
    Compare("", {part(first.all), part(second.all)},
            {part(first.changes), part(second.changes)});
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
      return a.pointer < b.pointer;
    });
  }

  std::vector<ConfigDifference> Take() { return std::move(found_); }

 private:
  // nullptr = not there.
  using Two = std::array<const Json*, 2>;

  // `all` and `changes` at `pointer`.
  void Compare(const std::string& pointer, Two all, Two changes) {
    const auto is_section = [](const Json* json) {
      return json == nullptr || json->is_object();
    };
    if (is_section(all[0]) && is_section(all[1])) {
      const auto visit = [&](const std::string& key) {
        Two inner, inner_changes;
        for (int side = 0; side < 2; ++side) {
          inner[side] = Member(all[side], key);
          // Below a change that is told as a whole, everything is changed.
          const bool whole =
              changes[side] != nullptr && !changes[side]->is_object();
          inner_changes[side] =
              whole ? changes[side] : Member(changes[side], key);
        }
        Compare(pointer + "/" + Escaped(key), inner, inner_changes);
      };
      for (int side = 0; side < 2; ++side) {
        if (all[side] == nullptr) continue;
        for (const auto& item : all[side]->items()) {
          const bool visited =
              side == 1 && all[0] != nullptr && all[0]->contains(item.key());
          if (visited) continue;
          visit(item.key());
        }
      }
      return;
    }
    if (all[0] != nullptr && all[1] != nullptr) {
      if (!Same(*all[0], *all[1])) Add(pointer, all);
      return;
    }
    const int side = all[0] != nullptr ? 0 : 1;
    const bool is_default = known_[side] ? changes[side] == nullptr
                                         : WasDefault(pointer, *all[side]);
    if (!is_default) Add(pointer, all);
  }

  void Add(const std::string& pointer, Two all) {
    found_.push_back({pointer, all[0] != nullptr ? *all[0] : Json(),
                      all[1] != nullptr ? *all[1] : Json()});
  }

  const std::array<bool, 2> known_;
  std::vector<ConfigDifference> found_;
};

std::string ValueText(const Json& value) {
  if (value.is_null()) return "absent";
  constexpr std::size_t kMost = 80;
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;  // inside a character
  return text.substr(0, end) + "...";
}

}  // namespace

std::vector<ConfigDifference> ConfigDifferences(const StoredConfig& first,
                                                const StoredConfig& second) {
  return Comparer(first, second).Take();
}

std::string DifferenceText(const ConfigDifference& difference,
                           const std::string& first,
                           const std::string& second) {
  return OneLine(fmt::format("{}: {} {}, {} {}", difference.pointer,
                             ValueText(difference.first), first,
                             ValueText(difference.second), second));
}

StoredConfig PlanConfig(const Record& record) {
  StoredConfig plan;
  if (!record.config.empty()) plan.all = Json::parse(record.config);
  if (!record.config_changes.empty()) {
    plan.changes = Json::parse(record.config_changes);
  }
  if (record.teacher || record.options.empty()) return plan;
  plan.all["method"] = {{"kind", record.kind},
                        {"options", Json::parse(record.options)}};
  return plan;
}

}  // namespace msdbench
