#include "datasets/clipart/split.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "reports/random.h"

namespace msdbench {
namespace {

constexpr double kDevShare = 0.1, kTestShare = 0.2;

}  // namespace

std::array<ClipartSplit, 3> SplitClipart(const ClipartCatalogue& catalogue,
                                         std::uint64_t seed) {
  std::map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < catalogue.items.size(); ++i) {
    by_name[catalogue.items[i].group].push_back(i);
  }
  std::vector<std::vector<std::size_t>> groups;
  groups.reserve(by_name.size());
  for (auto& [name, items] : by_name) groups.push_back(std::move(items));
  Random(seed, "clipart split").Shuffle(groups);

  std::array<ClipartSplit, 3> splits = {
      {{"train", {}}, {"dev", {}}, {"test", {}}}};
  auto& [train, dev, test] = splits;
  const auto wants_more = [&](const ClipartSplit& split, double share) {
    return static_cast<double>(split.items.size()) <
           share * static_cast<double>(catalogue.items.size());
  };
  for (const std::vector<std::size_t>& group : groups) {
    ClipartSplit& split = wants_more(test, kTestShare) ? test
                          : wants_more(dev, kDevShare) ? dev
                                                       : train;
    split.items.insert(split.items.end(), group.begin(), group.end());
  }
  for (ClipartSplit& split : splits) {
    std::sort(split.items.begin(), split.items.end());
  }
  return splits;
}

}  // namespace msdbench
