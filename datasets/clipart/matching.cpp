#include "datasets/clipart/matching.h"

#include <algorithm>
#include <utility>

namespace msdbench {
namespace {

// Takes out what fits nobody: it would leave another without a partner too.
void DropHopeless(std::vector<std::size_t>& items, const Fit& fit) {
  std::vector<std::size_t> kept;
  for (const std::size_t item : items) {
    if (std::any_of(items.begin(), items.end(),
                    [&](std::size_t other) { return fit(item, other); })) {
      kept.push_back(item);
    }
  }
  items = std::move(kept);
}

// Swaps partners until all fit; false for those that no swap helps.
std::vector<bool> Mend(const std::vector<std::size_t>& items, const Fit& fit,
                       std::vector<std::size_t>& partner, Random& random) {
  const std::size_t count = items.size();
  const auto fits = [&](std::size_t i, std::size_t p) {
    return fit(items[i], items[p]);
  };
  std::vector<bool> mended(count, true);
  for (std::size_t i = 0; i < count; ++i) {
    if (fits(i, partner[i])) continue;
    mended[i] = false;
    const std::size_t start = random.Below(count);
    for (std::size_t step = 0; step < count && !mended[i]; ++step) {
      const std::size_t j = (start + step) % count;
      if (!fits(i, partner[j]) || !fits(j, partner[i])) continue;
      std::swap(partner[i], partner[j]);
      mended[i] = true;
    }
  }
  return mended;
}

}  // namespace

bool ShareNoLabel(const ClipartItem& a, const ClipartItem& b) {
  return std::find_first_of(a.labels.begin(), a.labels.end(), b.labels.begin(),
                            b.labels.end()) == a.labels.end();
}

std::vector<std::size_t> MatchPartners(std::vector<std::size_t>& items,
                                       const Fit& fit, Random& random) {
  DropHopeless(items, fit);
  while (!items.empty()) {
    std::vector<std::size_t> partner(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) partner[i] = i;
    random.Shuffle(partner);
    const std::vector<bool> mended = Mend(items, fit, partner, random);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (mended[i]) kept.push_back(items[i]);
    }
    if (kept.size() == items.size()) return partner;
    items = std::move(kept);
  }
  return {};
}

}  // namespace msdbench
