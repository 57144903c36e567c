#include "benchmarks/cli/suite_arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "benchmarks/cli/numbers.h"
#include "benchmarks/suite_overrides.h"
#include "reports/near_name.h"

namespace msdbench {
namespace {

// Keeps the entries named; entries are names or objects with a name.
void Keep(Json& entries, const std::vector<std::string>& names,
          const std::string& option) {
  if (names.empty()) return;
  std::vector<std::string> known;
  for (const Json& entry : entries) {
    known.push_back(entry.is_object() ? entry["name"] : entry);
  }
  Json kept = Json::array();
  for (const std::string& name : names) {
    bool found = false;
    for (const Json& entry : entries) {
      const Json& its_name = entry.is_object() ? entry["name"] : entry;
      if (its_name != name) continue;
      kept.push_back(entry);
      found = true;
    }
    if (!found) {
      throw UsageError(fmt::format(
          "{} {}: the suite has none of that name{}; known: {}", option, name,
          DidYouMean(name, known), fmt::join(known, ", ")));
    }
  }
  entries = kept;
}

void LimitSplits(Json& suite, std::int64_t limit) {
  if (limit <= 0) return;
  for (Json& entry : suite["datasets"]) {
    if (entry.is_string()) entry = {{"name", entry}};
    for (const char* split : {"train", "dev", "test"}) {
      Json& known = entry["limit"][split];
      const bool lower = known.is_number_integer() && known > 0;
      known = lower ? std::min(known.get<std::int64_t>(), limit) : limit;
    }
  }
}

}  // namespace

void SuiteArguments::AddTo(CLI::App& command) {
  command
      .add_option("suite", suite,
                  "A suite's JSON file, or the name of a built-in one "
                  "(msdbench list suites)")
      ->required();
  command
      .add_option("--data-root", data_root,
                  "Folder that holds one folder a data set")
      ->capture_default_str();
  command
      .add_option("--weights-root", weights_root,
                  "Folder of pretrained weights (msdbench weights import)")
      ->capture_default_str();
  command.add_option("--cache", cache,
                     "Teachers, their outputs, visual features (default: "
                     "OUT/cache)");
  command.add_option("--device", device, "auto, cpu, cuda, cuda:N")
      ->capture_default_str();
  command.add_option("--datasets", datasets, "Only these")->delimiter(',');
  command.add_option("--methods", methods, "Only these")->delimiter(',');
  command
      .add_option("--set", overrides,
                  "Change one option, as student.training.epochs=3, for every "
                  "data set (datasets.0.student... for one)")
      ->allow_extra_args(false);
  command
      .add_option("--limit", limit,
                  "At most so many examples a split; for trying out only")
      ->check(WholeNumber(1, 1'000'000'000));
}

Json SuiteArguments::LoadJson() const {
  Json json = LoadSuiteJson(suite);
  ApplyOverrides(json, overrides);
  CheckSuiteJson(json, suite);
  Keep(json["datasets"], datasets, "--datasets");
  Keep(json["methods"], methods, "--methods");
  LimitSplits(json, limit);
  return json;
}

Suite SuiteArguments::Load() const { return ParseSuite(LoadJson(), suite); }

Places SuiteArguments::PlacesOr(const std::filesystem::path& out) const {
  return {data_root, weights_root,
          cache.empty() ? out / "cache" : std::filesystem::path(cache)};
}

}  // namespace msdbench
