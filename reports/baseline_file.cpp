#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "reports/baseline.h"
#include "reports/embedded.h"
#include "reports/shared_json.h"

namespace msdbench {

extern const std::vector<EmbeddedFile> k_msdbench_reports_files;

namespace {

constexpr int kVersion = 2;

// "007" would be another key for the same seed, so it is none.
std::uint64_t ParseSeed(const std::string& text, const std::string& place) {
  constexpr std::uint64_t kMost = 9007199254740991;  // of a record's schema
  std::uint64_t seed = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error != std::errc() || stop != end || seed > kMost ||
      std::to_string(seed) != text) {
    throw DataError(
        fmt::format("{}: {} is no seed; allowed: whole numbers from 0 to {}",
                    place, Json(text).dump(), kMost));
  }
  return seed;
}

// Data set and role: what mostly has one configuration but for the method's
// options.
using Group = std::pair<std::string, std::string>;

std::string RoleOf(const BaselineCell& cell) {
  return cell.teacher ? "teacher" : "student";
}

Group GroupOf(const BaselineCell& cell) { return {cell.dataset, RoleOf(cell)}; }

// The shared parts of a group's cells; changes: of those that tell them.
StoredConfig SharedConfig(const std::vector<const BaselineCell*>& cells) {
  std::vector<Json> all, changes;
  for (const BaselineCell* cell : cells) {
    all.push_back(cell->config.all);
    if (!cell->config.changes.is_null()) {
      changes.push_back(cell->config.changes);
    }
  }
  return {SharedPart(all), SharedPart(changes)};
}

Json CellJson(const BaselineCell& cell, const StoredConfig& shared) {
  Json entry = {{"dataset", cell.dataset},
                {"method", cell.method},
                {"role", RoleOf(cell)},
                {"metric", cell.metric},
                {"higher_is_better", cell.higher_is_better},
                {"data_fingerprint", cell.fingerprint},
                {"test_examples", cell.test_examples}};
  entry["config"] = OwnPart(cell.config.all, shared.all);
  entry["config_changes"] = nullptr;
  if (!cell.config.changes.is_null()) {
    entry["config_changes"] = OwnPart(cell.config.changes, shared.changes);
  }
  entry["values"] = Json::object();
  for (const auto& [seed, value] : cell.values) {
    entry["values"][std::to_string(seed)] = value;
  }
  return entry;
}

BaselineCell ParseCell(const Json& entry, const StoredConfig& shared,
                       const std::string& place) {
  BaselineCell cell;
  cell.dataset = entry["dataset"];
  cell.method = entry["method"];
  cell.metric = entry["metric"];
  cell.teacher = entry["role"] == "teacher";
  cell.higher_is_better = entry["higher_is_better"];
  cell.fingerprint = entry["data_fingerprint"];
  cell.test_examples = entry["test_examples"];
  cell.config.all = Joined(shared.all, entry["config"]);
  if (!entry["config_changes"].is_null()) {
    cell.config.changes = Joined(shared.changes, entry["config_changes"]);
  }
  for (const auto& item : entry["values"].items()) {
    cell.values[ParseSeed(item.key(), place + "/values")] =
        item.value().get<double>();
  }
  return cell;
}

}  // namespace

std::string_view BaselineSchema() {
  for (const EmbeddedFile& file : k_msdbench_reports_files) {
    if (file.name == "baseline.schema.json") return file.text;
  }
  throw RunError("baseline.schema.json was not compiled in");
}

bool IsBaseline(const Json& json) {
  // Those that all versions have had.
  return json.is_object() && json.contains("schema_version") &&
         json.contains("measured") && json.contains("cells");
}

bool IsOtherBaselineVersion(const Json& json) {
  if (!IsBaseline(json)) return false;
  const auto version = json.find("schema_version");
  return version != json.end() && version->is_number_integer() &&
         *version != kVersion;
}

// One of before version 2 has hashes of the configurations, which say
// "another" after every new option and never what.
Baseline ParseBaseline(const Json& json, const std::string& source) {
  if (IsOtherBaselineVersion(json)) {
    throw DataError(fmt::format(
        "{0}: /schema_version: {1}, but this msdbench compares with baselines "
        "of version {2}; make it anew: run its suite again, then msdbench "
        "baseline update RUNS --out {0} --drop",
        source, json["schema_version"].dump(), kVersion));
  }
  CheckJson(json, BaselineSchema(), source, ExitCode::kData);
  Baseline baseline;
  baseline.suite = json["suite"];
  baseline.measured = json["measured"];
  baseline.version = json["code"]["version"];
  baseline.revision = json["code"]["revision"];
  if (!json["code"]["numerics"].is_null()) {
    baseline.numerics = json["code"]["numerics"].get<int>();
  }
  baseline.platform = ParsePlatform(json["platform"]);
  std::map<Group, StoredConfig> shared;
  for (std::size_t i = 0; i < json["configs"].size(); ++i) {
    const Json& entry = json["configs"][i];
    const Group group = {entry["dataset"], entry["role"]};
    if (!shared.insert({group, {entry["config"], entry["config_changes"]}})
             .second) {
      throw DataError(
          fmt::format("{}: /configs/{}: {} {} stands twice; allowed: once",
                      source, i, group.first, group.second));
    }
  }
  std::set<std::pair<std::string, std::string>> names;
  for (std::size_t i = 0; i < json["cells"].size(); ++i) {
    const Json& entry = json["cells"][i];
    const std::string place = fmt::format("{}: /cells/{}", source, i);
    const auto found = shared.find({entry["dataset"], entry["role"]});
    if (found == shared.end()) {
      throw DataError(fmt::format("{}: /configs has no entry of {} {}", place,
                                  std::string(entry["dataset"]),
                                  std::string(entry["role"])));
    }
    baseline.cells.push_back(ParseCell(entry, found->second, place));
    const BaselineCell& cell = baseline.cells.back();
    if (!names.insert({cell.dataset, cell.method}).second) {
      throw DataError(fmt::format("{}: {} of {} stands twice; allowed: once",
                                  place, cell.method, cell.dataset));
    }
  }
  return baseline;
}

Baseline LoadBaseline(const std::filesystem::path& file) {
  return ParseBaseline(ReadJsonFile(file), file.string());
}

Json BaselineJson(const Baseline& baseline) {
  std::vector<Group> order;
  std::map<Group, std::vector<const BaselineCell*>> groups;
  for (const BaselineCell& cell : baseline.cells) {
    auto& cells = groups[GroupOf(cell)];
    if (cells.empty()) order.push_back(GroupOf(cell));
    cells.push_back(&cell);
  }
  std::map<Group, StoredConfig> shared;
  Json json;
  json["schema_version"] = kVersion;
  json["suite"] = baseline.suite;
  json["measured"] = baseline.measured;
  json["code"] = {{"version", baseline.version},
                  {"revision", baseline.revision},
                  {"numerics", nullptr}};
  if (baseline.numerics) json["code"]["numerics"] = *baseline.numerics;
  json["platform"] = PlatformJson(baseline.platform);
  json["configs"] = Json::array();
  for (const Group& group : order) {
    shared[group] = SharedConfig(groups[group]);
    json["configs"].push_back({{"dataset", group.first},
                               {"role", group.second},
                               {"config", shared[group].all},
                               {"config_changes", shared[group].changes}});
  }
  json["cells"] = Json::array();
  for (const BaselineCell& cell : baseline.cells) {
    json["cells"].push_back(CellJson(cell, shared[GroupOf(cell)]));
  }
  return json;
}

}  // namespace msdbench
