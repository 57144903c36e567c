#include "reports/mixed_runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "reports/aggregate.h"
#include "reports/baseline.h"

namespace msdbench {
namespace {

// Seeds of each method, as "kd seeds 1, 2".
std::string RunsText(const std::vector<const Record*>& runs) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::uint64_t>> seeds;
  for (const Record* run : runs) {
    auto& of_method = seeds[run->method];
    if (of_method.empty()) order.push_back(run->method);
    of_method.push_back(run->seed);
  }
  std::string text;
  for (const std::string& method : order) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", method,
                        SeedsText(seeds[method]));
  }
  return text;
}

// What a run's plan says for every method of the data set.
StoredConfig WithoutMethod(StoredConfig plan) {
  for (Json* part : {&plan.all, &plan.changes}) {
    if (part->is_object()) part->erase("method");
  }
  return plan;
}

std::vector<std::string> Lines(
    const StoredConfig& plan, const std::string& where,
    const std::vector<const Record*>& runs,
    const std::function<StoredConfig(const Record&)>& plan_of) {
  struct Found {
    ConfigDifference difference;
    std::vector<const Record*> runs;
  };
  std::vector<Found> found;
  for (const Record* run : runs) {
    for (ConfigDifference& one : ConfigDifferences(plan, plan_of(*run))) {
      const auto same =
          std::find_if(found.begin(), found.end(), [&](const Found& other) {
            return other.difference.pointer == one.pointer &&
                   other.difference.second == one.second;
          });
      if (same != found.end()) {
        same->runs.push_back(run);
      } else {
        found.push_back({std::move(one), {run}});
      }
    }
  }
  constexpr std::size_t kMost = 4;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(kMost, found.size()); ++i) {
    lines.push_back(DifferenceText(found[i].difference, where,
                                   "in " + RunsText(found[i].runs)));
  }
  if (found.size() > kMost) {
    lines.push_back(fmt::format("and {} more", found.size() - kMost));
  }
  return lines;
}

bool HasTeacher(const Record& run) {
  const Json::json_pointer hash("/teacher/hash");
  if (!run.json.contains(hash)) return false;
  // Its record names the teacher of its day, on which it does not depend.
  const Json::json_pointer from("/config/student/init/from");
  const bool starts_from_it =
      run.json.contains(from) && run.json[from] == "teacher";
  return run.kind != "none" || starts_from_it;
}

std::vector<std::string> TeacherLines(const std::vector<const Record*>& runs) {
  std::vector<std::string> hashes;
  std::map<std::string, std::vector<const Record*>> students;
  for (const Record* run : runs) {
    if (!HasTeacher(*run)) continue;
    const std::string hash = run->json["teacher"]["hash"];
    if (students[hash].empty()) hashes.push_back(hash);
    students[hash].push_back(run);
  }
  if (hashes.size() < 2) return {};
  std::vector<std::string> parts;
  for (const std::string& hash : hashes) {
    parts.push_back(
        fmt::format("{} of {}", hash.substr(0, 12), RunsText(students[hash])));
  }
  return {fmt::format("{} different teachers: {}", hashes.size(),
                      fmt::join(parts, "; "))};
}

std::vector<std::string> NumericsLines(const std::vector<Record>& records) {
  std::map<std::string, std::string> first;  // version -> a run's file
  for (const Record& record : records) {
    first.insert({NumericsText(record.numerics), record.source});
  }
  if (first.size() < 2) return {};
  std::vector<std::string> parts;
  for (const auto& [version, source] : first) {
    parts.push_back(fmt::format("{} in {}", version, source));
  }
  return {fmt::format("runs of different numerics versions: {}",
                      fmt::join(parts, ", "))};
}

}  // namespace

std::string RunName(const Record& record) {
  return fmt::format("{} seed {}", record.method, record.seed);
}

std::vector<std::string> PlanLines(const StoredConfig& plan,
                                   const std::string& where,
                                   const std::vector<const Record*>& runs) {
  return Lines(plan, where, runs, PlanConfig);
}

std::vector<std::string> MixedRuns(const std::vector<Record>& records) {
  std::vector<std::string> lines = NumericsLines(records);
  std::vector<std::string> order;
  std::map<std::string, std::vector<const Record*>> students;
  for (const Record& record : records) {
    if (record.teacher || !record.ok) continue;
    auto& runs = students[record.dataset];
    if (runs.empty()) order.push_back(record.dataset);
    runs.push_back(&record);
  }
  for (const std::string& dataset : order) {
    const std::vector<const Record*>& runs = students[dataset];
    const Record& first = *runs.front();
    std::vector<std::string> found =
        Lines(WithoutMethod(PlanConfig(first)), "in " + RunName(first), runs,
              [](const Record& run) { return WithoutMethod(PlanConfig(run)); });
    for (std::string& line : TeacherLines(runs)) {
      found.push_back(std::move(line));
    }
    for (const std::string& line : found) {
      lines.push_back(fmt::format("{}: not of one plan: {}", dataset, line));
    }
  }
  return lines;
}

}  // namespace msdbench
