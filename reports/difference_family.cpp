#include "reports/difference_family.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/aggregate.h"

namespace msdbench {

DifferenceFamily::DifferenceFamily(const RunMatrix& matrix,
                                   std::size_t reference, std::size_t metrics) {
  const std::size_t methods = matrix.methods().size();
  if (reference >= methods) return;
  for (std::size_t d = 0; d < matrix.datasets().size(); ++d) {
    const auto& all = matrix.datasets()[d].metrics;
    for (std::size_t i = 0; i < std::min(metrics, all.size()); ++i) {
      const auto values = [&](std::size_t method) {
        return AggregateMetric(matrix.At(d, method), "test", "multimodal",
                               all[i].name)
            .values;
      };
      const BySeed others = values(reference);
      for (std::size_t m = 0; m < methods; ++m) {
        if (m == reference || matrix.methods()[m].teacher) continue;
        const Summary difference = PairedDifference(values(m), others);
        if (difference.n == 0) continue;
        differences_[{d, m, all[i].name}].test = TestPaired(difference);
      }
    }
  }
  std::vector<double> p;
  for (const auto& item : differences_) {
    p.push_back(item.second.test.p.value_or(1));
  }
  const std::vector<double> adjusted = HolmAdjusted(p);
  std::size_t i = 0;
  for (auto& item : differences_) {
    TestedDifference& difference = item.second;
    const double p_holm = adjusted[i++];
    if (!difference.test.p) continue;
    difference.p_holm = p_holm;
    difference.claimed = p_holm <= kSignificanceLevel;
  }
}

const TestedDifference* DifferenceFamily::Find(
    std::size_t dataset, std::size_t method, const std::string& metric) const {
  const auto found = differences_.find({dataset, method, metric});
  return found == differences_.end() ? nullptr : &found->second;
}

std::size_t DifferenceFamily::claims() const {
  return static_cast<std::size_t>(
      std::count_if(differences_.begin(), differences_.end(),
                    [](const auto& item) { return item.second.claimed; }));
}

std::string DifferenceFamily::Legend() const {
  if (differences_.empty()) return "";
  std::size_t pairs = 0;
  for (const auto& item : differences_) {
    pairs = std::max(pairs, item.second.test.difference.n);
  }
  if (pairs < 2) {
    return "No difference is a claim: a test takes two or more seeds.";
  }
  return fmt::format(
      "Only differences marked * are claims: p at most {} in two-sided paired "
      "t-tests over the seeds, after Holm's correction for the report's {} "
      "differences. With {} seeds no mark is possible unless a mean difference "
      "is at least {:.1f} times its standard deviation.",
      kSignificanceLevel, size(), pairs, FirstClaimThreshold(pairs, size()));
}

}  // namespace msdbench
