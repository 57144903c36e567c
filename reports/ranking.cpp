#include "reports/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace msdbench {

std::vector<Rank> RankValues(const std::vector<std::optional<double>>& values,
                             bool higher_is_better) {
  std::vector<Rank> ranks(values.size(), Rank::kNone);
  std::vector<double> sorted;
  for (const auto& value : values) {
    if (value) sorted.push_back(*value);
  }
  if (sorted.size() < 2) return ranks;
  if (higher_is_better) {
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
  } else {
    std::sort(sorted.begin(), sorted.end());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == sorted[0]) {
      ranks[i] = Rank::kBest;
    } else if (values[i] == sorted[1]) {
      ranks[i] = Rank::kSecond;
    }
  }
  return ranks;
}

std::string RanksText(const std::string& reference) {
  return fmt::format(
      "the best and the second mean of the students, only in columns where the "
      "test tells the best from {0} (or {0}, as the best, from the second). "
      "They are ranks; what is marked * is the claim.",
      reference);
}

}  // namespace msdbench
