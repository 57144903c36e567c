#include "reports/run_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace msdbench {
namespace {

// Options that a suite can give to all methods that distil.
constexpr const char* kSharedOptions[] = {"divergence", "lambda",
                                          "temperature"};

Json Parsed(const std::string& text) {
  return text.empty() ? Json() : Json::parse(text);
}

// "0.6.0" stands for the arithmetic of a version that did not tell it.
Json Numerics(const Record& record) {
  return record.numerics ? Json(*record.numerics)
                         : Json("that of " + record.version);
}

auto DataOf(const Record& record) {
  return std::tie(record.fingerprint, record.dev_split, record.dev_examples,
                  record.test_split, record.test_examples);
}

std::string DataText(const Record& record) {
  return fmt::format("{}, dev {} of {}, test {} of {}",
                     record.fingerprint.substr(0, 8), record.dev_split,
                     record.dev_examples, record.test_split,
                     record.test_examples);
}

std::string KeyOf(const Record& record) {
  std::string key = record.method;
  const auto add = [&](const std::string& part) {
    key += '\n';
    key += part;
  };
  add(record.kind);
  add(record.config);
  add(record.config_changes);
  add(record.options);
  add(record.distillation);
  add(record.suite_methods);
  add(record.fingerprint);
  add(DataText(record));
  add(record.teacher_hash);
  add(Numerics(record).dump());
  if (record.teacher) add(std::to_string(record.seed));
  return key;
}

const Json* At(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) ? &json[place] : nullptr;
}

bool NeedsTeacher(const Record& record, const Json& config) {
  if (record.teacher || record.kind != "none") return true;
  const Json* from = At(config, "/student/init/from");
  return from != nullptr && *from == "teacher";
}

RunSettings Describe(const Record& record) {
  RunSettings settings;
  settings.config.all = Parsed(record.config);
  settings.config.changes = Parsed(record.config_changes);
  settings.options = Parsed(record.options);
  settings.distillation = Parsed(record.distillation);
  settings.suite_methods = Parsed(record.suite_methods);
  settings.needs_teacher = NeedsTeacher(record, settings.config.all);
  return settings;
}

bool IsBelow(const std::string& pointer, const char* section) {
  const std::string whole = section;
  return pointer == whole || pointer.rfind(whole + "/", 0) == 0;
}

// Of the runs of one method.
void CompareMethods(const RunSettings& a, const RunSettings& b,
                    std::vector<ConfigDifference>& found) {
  if (a.any().kind != b.any().kind) {
    found.push_back({"/method/kind", a.any().kind, b.any().kind});
    return;
  }
  const auto method = [](const RunSettings& settings) {
    const Json& changes = settings.config.changes;
    StoredConfig config;
    config.all["method"]["options"] = settings.options;
    if (!changes.is_object()) return config;
    config.changes = Json::object();
    if (changes.contains("method"))
      config.changes["method"] = changes["method"];
    return config;
  };
  for (auto& difference : ConfigDifferences(method(a), method(b))) {
    found.push_back(std::move(difference));
  }
}

bool ShareASuite(const RunSettings& a, const RunSettings& b) {
  return std::any_of(a.suites.begin(), a.suites.end(),
                     [&](const auto& suite) { return b.suites.count(suite); });
}

// Does the suite of `other` have this row, with another value? One of its own
// would say that the row may differ from the rest.
bool IsGivenOtherwise(const std::string& row, const char* key,
                      const Json& value, const RunSettings& other) {
  if (!other.suite_methods.is_object()) return false;
  const auto own = other.suite_methods.find(row);
  if (own == other.suite_methods.end()) return false;
  const Json& given = own->contains(key) ? *own : other.distillation;
  return given.contains(key) && given[key] != value;
}

// Of the runs of two methods that distil.
void CompareDistillation(const RunSettings& a, const RunSettings& b,
                         std::vector<ConfigDifference>& found) {
  const bool told = a.distillation.is_object() && b.distillation.is_object();
  if (!told && ShareASuite(a, b)) return;
  for (const char* key : kSharedOptions) {
    const std::string pointer = std::string("/") + key;
    const Json* mine = At(a.options, pointer.c_str());
    const Json* others = At(b.options, pointer.c_str());
    if (mine == nullptr || others == nullptr || *mine == *others) continue;
    // Does the method have what its suite gives to all?
    const auto follows = [&](const RunSettings& settings, const Json& value) {
      const Json* shared = At(settings.distillation, pointer.c_str());
      return shared != nullptr && *shared == value;
    };
    const bool one_of_its_own = !follows(a, *mine) || !follows(b, *others);
    if (told && one_of_its_own &&
        !IsGivenOtherwise(a.any().method, key, *mine, b) &&
        !IsGivenOtherwise(b.any().method, key, *others, a)) {
      continue;
    }
    found.push_back({"/distillation" + pointer, *mine, *others});
  }
}

}  // namespace

std::vector<RunSettings> SettingsOf(const std::vector<const Record*>& records) {
  std::vector<RunSettings> all;
  std::unordered_map<std::string, std::size_t> places;
  for (const Record* record : records) {
    std::string key = KeyOf(*record);
    const auto [place, is_new] = places.emplace(std::move(key), all.size());
    if (is_new) {
      all.push_back(Describe(*record));
      all.back().key = place->first;
    }
    RunSettings& settings = all[place->second];
    settings.records.push_back(record);
    settings.suites.insert(record->suite_hash);
    settings.started = std::max(settings.started, record->started);
  }
  return all;
}

const std::vector<ConfigDifference>& SettingsComparer::OfConfigs(
    const RunSettings& a, const RunSettings& b) {
  static const std::vector<ConfigDifference> none;
  if (a.any().config == b.any().config) return none;
  const auto id = [this](const RunSettings& settings) {
    const std::string text =
        settings.any().config + "\n" + settings.any().config_changes;
    return ids_.emplace(text, ids_.size()).first->second;
  };
  const std::size_t first = id(a), second = id(b);
  const auto [place, is_new] = known_.emplace(std::make_pair(first, second),
                                              std::vector<ConfigDifference>());
  if (is_new) place->second = ConfigDifferences(a.config, b.config);
  return place->second;
}

std::vector<ConfigDifference> SettingsComparer::Conflicts(
    const RunSettings& a, const RunSettings& b) {
  const Record &mine = a.any(), &others = b.any();
  const bool a_teacher = mine.teacher || others.teacher;
  const bool both_need = a.needs_teacher && b.needs_teacher;
  std::vector<ConfigDifference> found;
  for (const ConfigDifference& difference : OfConfigs(a, b)) {
    const std::string& pointer = difference.pointer;
    const bool of_student =
        IsBelow(pointer, "/student") || IsBelow(pointer, "/meta_fraction");
    if (a_teacher && of_student) continue;
    if (IsBelow(pointer, "/teacher") && !both_need) continue;
    // A teacher has it as the run's own.
    if (a_teacher && pointer == "/teacher/seed") continue;
    found.push_back(difference);
  }
  if (mine.method == others.method) {
    CompareMethods(a, b, found);
  } else if (!a_teacher && mine.kind != "none" && others.kind != "none") {
    CompareDistillation(a, b, found);
  }
  if (!mine.fingerprint.empty() && !others.fingerprint.empty() &&
      DataOf(mine) != DataOf(others)) {
    found.push_back({kDataSetting, DataText(mine), DataText(others)});
  }
  const bool same_numerics = mine.numerics == others.numerics &&
                             (mine.numerics || mine.version == others.version);
  if (!same_numerics) {
    found.push_back({"numerics version", Numerics(mine), Numerics(others)});
  }
  if (both_need && mine.teacher != others.teacher && !any_teacher_) {
    const RunSettings& student = mine.teacher ? b : a;
    const Json* seed = At(student.config.all, "/teacher/seed");
    const Record& teacher = mine.teacher ? mine : others;
    if (seed != nullptr && *seed != teacher.seed) {
      const Json own = teacher.seed;
      found.push_back({"/teacher/seed", mine.teacher ? own : *seed,
                       mine.teacher ? *seed : own});
    }
  }
  // Where the configuration is another, so are the weights.
  const bool hashes_told =
      !mine.teacher_hash.empty() && !others.teacher_hash.empty();
  const bool of_any_seed = mine.teacher != others.teacher
                               ? any_teacher_
                               : mine.teacher && mine.seed != others.seed;
  if (found.empty() && both_need && hashes_told && !of_any_seed &&
      mine.teacher_hash != others.teacher_hash) {
    found.push_back({"the teacher's weights", mine.teacher_hash.substr(0, 8),
                     others.teacher_hash.substr(0, 8)});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& x, const auto& y) { return x.pointer < y.pointer; });
  return found;
}

}  // namespace msdbench
