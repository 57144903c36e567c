#include "reports/plan_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "reports/aggregate.h"

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

}  // namespace

std::vector<std::string> PlanLines(const StoredConfig& plan,
                                   const std::string& where,
                                   const std::vector<const Record*>& runs) {
  struct Found {
    ConfigDifference difference;
    std::vector<const Record*> runs;
  };
  std::vector<Found> found;
  for (const Record* run : runs) {
    for (ConfigDifference& one : ConfigDifferences(plan, PlanConfig(*run))) {
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

}  // namespace msdbench
