#include "reports/plans.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "reports/digest.h"
#include "reports/error.h"
#include "reports/run_settings.h"

namespace msdbench {
namespace {

// More than anybody chooses from; what is older is left out.
constexpr std::size_t kMostPlans = 50;
constexpr std::size_t kShortHash = 8;

std::string Short(const Plan& plan) { return plan.hash.substr(0, kShortHash); }

// Newest first; then what most runs have; then by name, so that the order of
// the records says nothing.
std::vector<std::size_t> NewestFirst(const std::vector<RunSettings>& settings) {
  std::vector<std::size_t> order(settings.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    const RunSettings &a = settings[x], &b = settings[y];
    if (a.started != b.started) return a.started > b.started;
    if (a.records.size() != b.records.size()) {
      return a.records.size() > b.records.size();
    }
    return a.key < b.key;
  });
  return order;
}

// Places in `settings` of one plan: `first`, and then of `others` in their
// order all that go with those before them.
std::vector<std::size_t> Gather(const std::vector<RunSettings>& settings,
                                std::size_t first,
                                const std::vector<std::size_t>& others,
                                SettingsComparer& comparer) {
  std::vector<std::size_t> members = {first};
  for (std::size_t other : others) {
    if (other == first) continue;
    const bool fits =
        std::all_of(members.begin(), members.end(), [&](std::size_t member) {
          return comparer.Conflicts(settings[other], settings[member]).empty();
        });
    if (fits) members.push_back(other);
  }
  return members;
}

// "kd: seeds 1, 2; msd: 30 seeds", teachers without their seed.
std::string RunsText(const std::vector<const Record*>& records) {
  constexpr std::size_t kMostSeeds = 10, kMostMethods = 8;
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::uint64_t>> seeds;
  for (const Record* record : records) {
    auto& known = seeds[record->method];
    if (known.empty()) order.push_back(record->method);
    known.push_back(record->seed);
  }
  std::vector<std::string> parts;
  for (const std::string& method : order) {
    auto& known = seeds[method];
    std::sort(known.begin(), known.end());
    if (parts.size() == kMostMethods) {
      parts.push_back(fmt::format("{} more", order.size() - kMostMethods));
      break;
    }
    if (method == "teacher" && known.size() == 1) {
      parts.push_back(method);
    } else if (known.size() > kMostSeeds) {
      parts.push_back(fmt::format("{}: {} seeds", method, known.size()));
    } else {
      parts.push_back(fmt::format("{}: seed{} {}", method,
                                  known.size() == 1 ? "" : "s",
                                  fmt::join(known, ", ")));
    }
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string DifferencesText(const Plan& plan) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> texts;
  for (const ConfigDifference& difference : plan.differences) {
    if (texts.size() == kMost) {
      texts.push_back(fmt::format("{} more", plan.differences.size() - kMost));
      break;
    }
    texts.push_back(DifferenceText(difference, "there", "in the one used"));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

Plans::Plans(const std::vector<Record>& records, const PlanOptions& options) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<std::vector<const Record*>> datasets;
  for (const Record& record : records) {
    const auto [place, is_new] =
        places.emplace(record.dataset, datasets.size());
    if (is_new) datasets.emplace_back();
    datasets[place->second].push_back(&record);
  }
  for (const auto& dataset : datasets) AddDataset(dataset, options);
  Use(options);
  Describe(options);
}

void Plans::AddDataset(const std::vector<const Record*>& records,
                       const PlanOptions& options) {
  const std::vector<RunSettings> settings = SettingsOf(records);
  SettingsComparer comparer(options.any_teacher);
  std::vector<std::size_t> left = NewestFirst(settings), placed;
  for (std::size_t n = 0; !left.empty() && n < kMostPlans; ++n) {
    // What no plan has yet goes before what one has.
    std::vector<std::size_t> candidates = left;
    candidates.insert(candidates.end(), placed.begin(), placed.end());
    const auto members = Gather(settings, left.front(), candidates, comparer);
    Plan plan;
    plan.dataset = records.front()->dataset;
    std::vector<std::string> keys = {plan.dataset};
    std::unordered_set<const Record*> mine;
    for (std::size_t member : members) {
      const RunSettings& part = settings[member];
      keys.push_back(part.key);
      plan.started = std::max(plan.started, part.started);
      mine.insert(part.records.begin(), part.records.end());
    }
    std::sort(keys.begin() + 1, keys.end());
    plan.hash = Sha256OfText(fmt::format("{}", fmt::join(keys, "\n\n")));
    for (const Record* record : records) {
      if (mine.count(record) > 0) plan.records.push_back(record);
    }
    plans_.push_back(std::move(plan));
    std::vector<std::size_t> rest;
    for (std::size_t place : left) {
      const bool taken =
          std::find(members.begin(), members.end(), place) != members.end();
      (taken ? placed : rest).push_back(place);
    }
    left = std::move(rest);
  }
  // Older ones still are left out of any other.
  for (std::size_t place : left) {
    left_out_.insert(settings[place].records.begin(),
                     settings[place].records.end());
  }
}

void Plans::Use(const PlanOptions& options) {
  std::map<std::string, Plan*> used;
  const auto refuse = [&](const std::string& beginning, const char* what) {
    std::vector<std::string> known;
    for (const Plan& plan : plans_) {
      known.push_back(Short(plan) + " (" + plan.dataset + ")");
    }
    throw UsageError(fmt::format("--plan {}: {}; allowed: {}",
                                 Json(beginning).dump(), what,
                                 fmt::join(known, ", ")));
  };
  for (const std::string& beginning : options.chosen) {
    Plan* found = nullptr;
    for (Plan& plan : plans_) {
      if (plan.hash.rfind(beginning, 0) != 0) continue;
      if (found != nullptr) refuse(beginning, "is the beginning of several");
      found = &plan;
    }
    if (found == nullptr || beginning.empty()) {
      refuse(beginning, "is the beginning of no plan here");
    }
    if (!used.emplace(found->dataset, found).second) {
      refuse(beginning, "is the second plan of one data set");
    }
  }
  for (Plan& plan : plans_) {
    const bool is_newest = used.count(plan.dataset) == 0;
    if (is_newest) used[plan.dataset] = &plan;
    if (is_newest && (&plan != &plans_.back()) &&
        (&plan + 1)->dataset == plan.dataset) {
      open_ = true;
    }
  }
  for (auto& item : used) item.second->used = true;
}

void Plans::Describe(const PlanOptions& options) {
  std::map<std::string, const Plan*> used;
  for (const Plan& plan : plans_) {
    if (plan.used) used[plan.dataset] = &plan;
  }
  const std::size_t unplaced = left_out_.size();
  if (unplaced > 0) {
    lines_.push_back(fmt::format(
        "{} runs of still older plans are left out of all tables", unplaced));
  }
  for (Plan& plan : plans_) {
    if (plan.used) continue;
    const Plan& other = *used.at(plan.dataset);
    const std::unordered_set<const Record*> there(other.records.begin(),
                                                  other.records.end());
    for (const Record* record : plan.records) {
      if (there.count(record) > 0) continue;
      plan.left_out.push_back(record);
      left_out_.insert(record);
    }
    SettingsComparer comparer(options.any_teacher);
    std::map<std::string, ConfigDifference> differences;
    const auto here = SettingsOf(other.records);
    for (const RunSettings& mine : SettingsOf(plan.left_out)) {
      for (const RunSettings& others : here) {
        for (auto& difference : comparer.Conflicts(mine, others)) {
          differences.emplace(difference.pointer, std::move(difference));
        }
      }
    }
    for (auto& item : differences) {
      plan.differences.push_back(std::move(item.second));
    }
    plan.reason = fmt::format("another plan ({}) than the one used ({}): {}",
                              Short(plan), Short(other), DifferencesText(plan));
    lines_.push_back(fmt::format(
        "{}: {} run{} ({}) {} of {}{}{}", plan.dataset, plan.left_out.size(),
        plan.left_out.size() == 1 ? "" : "s", RunsText(plan.left_out),
        plan.left_out.size() == 1 ? "is" : "are", plan.reason,
        options.keep_all ? "" : "; left out of all tables",
        options.offer_choice
            ? fmt::format(" (--plan {} shows that plan)", Short(plan))
            : ""));
  }
  if (options.keep_all) left_out_.clear();
}

std::string Plans::Remark(const std::string& dataset) const {
  std::vector<std::string> used;
  for (const Plan& plan : plans_) {
    if (!dataset.empty() && plan.dataset != dataset) continue;
    if (plan.used) used.push_back(Short(plan));
  }
  const auto runs = std::count_if(
      left_out_.begin(), left_out_.end(), [&](const Record* record) {
        return dataset.empty() || record->dataset == dataset;
      });
  if (runs == 0) return "";
  return fmt::format(
      "Not all records of the folder are of one plan: {} run{} of other "
      "settings, data, numerics or teachers {} left out here (plan{} shown: "
      "{}).",
      runs, runs == 1 ? "" : "s", runs == 1 ? "is" : "are",
      used.size() == 1 ? "" : "s", fmt::join(used, ", "));
}

Table PlanTable(const Plans& plans) {
  Table table;
  table.title = "Plans";
  table.caption =
      "Newest first. Rows that are the same under two plans count in both.";
  table.columns = {
      {"Data set", false},   {"Plan", false}, {"Runs"},
      {"Newest run", false}, {"Rows", false}, {"Unlike the plan used", false}};
  for (const Plan& plan : plans.all()) {
    std::vector<Cell> row;
    for (const std::string& text :
         {plan.dataset, Short(plan) + (plan.used ? " (used)" : ""),
          std::to_string(plan.records.size()),
          plan.started.empty() ? "not told" : plan.started,
          RunsText(plan.records), DifferencesText(plan)}) {
      row.push_back({text, {}, {}});
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace msdbench
