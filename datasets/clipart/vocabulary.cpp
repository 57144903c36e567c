#include "datasets/clipart/vocabulary.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace msdbench {
namespace {

using Groups = std::set<std::string>;

// Plural -> singular, of keywords that occur as both.
std::map<std::string, std::string> Singulars(
    const std::vector<ClipartItem>& items) {
  std::set<std::string> all;
  for (const ClipartItem& item : items) {
    all.insert(item.keywords.begin(), item.keywords.end());
  }
  std::map<std::string, std::string> singulars;
  for (const std::string& keyword : all) {
    if (keyword.back() != 's') continue;
    const std::string singular = keyword.substr(0, keyword.size() - 1);
    if (all.count(singular) > 0) singulars[keyword] = singular;
  }
  return singulars;
}

bool SayTheSame(const Groups& a, const Groups& b) {
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::back_inserter(both));
  return 2 * both.size() >= a.size() + b.size() - both.size();
}

std::vector<std::string> Choose(
    const std::map<std::string, Groups>& groups_of) {
  std::vector<std::pair<const std::string*, const Groups*>> ranked;
  for (const auto& [keyword, groups] : groups_of) {
    if (groups.size() >= kLeastGroups) ranked.emplace_back(&keyword, &groups);
  }
  // Stable: equals stay in the order of their names.
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) {
                     return a.second->size() > b.second->size();
                   });
  std::vector<std::string> labels;
  for (const auto& entry : ranked) {
    const Groups& groups = *entry.second;
    if (labels.size() == kMostLabels) break;
    const bool repeats =
        std::any_of(labels.begin(), labels.end(), [&](const auto& label) {
          return SayTheSame(groups_of.at(label), groups);
        });
    if (!repeats) labels.push_back(*entry.first);
  }
  return labels;
}

}  // namespace

std::vector<std::string> LabelItems(std::vector<ClipartItem>& items) {
  const std::map<std::string, std::string> singulars = Singulars(items);
  const auto named = [&](const std::string& keyword) {
    const auto found = singulars.find(keyword);
    return found == singulars.end() ? keyword : found->second;
  };
  std::map<std::string, Groups> groups_of;
  for (const ClipartItem& item : items) {
    for (const std::string& keyword : item.keywords) {
      groups_of[named(keyword)].insert(item.group);
    }
  }
  const std::vector<std::string> labels = Choose(groups_of);
  std::map<std::string, int> index;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    index[labels[i]] = static_cast<int>(i);
  }
  for (ClipartItem& item : items) {
    std::set<int> found;
    for (const std::string& keyword : item.keywords) {
      const auto label = index.find(named(keyword));
      if (label != index.end()) found.insert(label->second);
    }
    item.labels.assign(found.begin(), found.end());
  }
  return labels;
}

}  // namespace msdbench
