#include "datasets/kept_pieces.h"

#include <numeric>

namespace msdbench {

KeptPieces KeepOccurringPieces(const std::vector<EncodedSplit*>& splits,
                               std::int64_t total) {
  std::vector<std::int32_t> renumbered(total, -1);
  const auto each = [&](const auto& visit) {
    for (EncodedSplit* split : splits) {
      for (std::int32_t& id : split->token_ids) visit(id);
      for (std::int32_t* id : {&split->pad, &split->cls, &split->sep}) {
        visit(*id);
      }
    }
  };
  each([&](std::int32_t id) { renumbered[id] = 0; });
  KeptPieces kept;
  kept.total = total;
  for (std::int64_t id = 0; id < total; ++id) {
    if (renumbered[id] < 0) continue;
    renumbered[id] = static_cast<std::int32_t>(kept.ids.size());
    kept.ids.push_back(id);
  }
  each([&](std::int32_t& id) { id = renumbered[id]; });
  return kept;
}

KeptPieces KeepAllPieces(std::int64_t total) {
  KeptPieces kept;
  kept.total = total;
  kept.ids.resize(total);
  std::iota(kept.ids.begin(), kept.ids.end(), std::int64_t{0});
  return kept;
}

}  // namespace msdbench
