// When a drop of a mean counts: more than is tolerated, and more than noise.
#pragma once

#include <optional>
#include <vector>

#include "reports/statistics.h"

namespace msdbench {

struct DropRule {
  // Chance that any of the cells judged together counts as dropped although
  // nothing changed but the noise.
  double level = 0.05;
  // Least drop of a mean that matters, in the metric's unit (0.005 = half a
  // point of percent).
  double tolerance = 0.005;
};

// One cell: all values of before and of now.
struct MeanPair {
  Summary before, after;
  bool higher_is_better = true;
  double least_sd = 0;  // the noise counts as at least this: see FallTest
  // false: known to be equal, or not to be judged; it still counts in Holm's
  // correction, with p = 1.
  bool tested = true;
};

struct DropVerdict {
  // For a drop: one-sided p by itself, and after Holm's correction. None where
  // no test was made.
  std::optional<double> p, p_holm;
  bool dropped = false;
  bool risen = false;  // the same two conditions, upwards; a family of its own
};

std::vector<DropVerdict> JudgeDrops(const std::vector<MeanPair>& cells,
                                    const DropRule& rule);

}  // namespace msdbench
