#include "reports/drop_rule.h"

#include "reports/significance.h"
#include "reports/two_sample.h"

namespace msdbench {
namespace {

Summary Signed(const Summary& summary, bool higher_is_better) {
  Summary turned = summary;
  if (!higher_is_better && turned.mean) turned.mean = -*turned.mean;
  return turned;
}

}  // namespace

std::vector<DropVerdict> JudgeDrops(const std::vector<MeanPair>& cells,
                                    const DropRule& rule) {
  std::vector<DropVerdict> verdicts(cells.size());
  std::vector<double> falls, rises;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const MeanPair& cell = cells[i];
    double rise = 1;
    if (cell.tested) {
      const Summary before = Signed(cell.before, cell.higher_is_better);
      const Summary after = Signed(cell.after, cell.higher_is_better);
      verdicts[i].p = FallTest(before, after, cell.least_sd);
      rise = FallTest(after, before, cell.least_sd).value_or(1);
    }
    falls.push_back(verdicts[i].p.value_or(1));
    rises.push_back(rise);
  }
  falls = HolmAdjusted(falls);
  rises = HolmAdjusted(rises);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    DropVerdict& verdict = verdicts[i];
    if (!verdict.p) continue;
    verdict.p_holm = falls[i];
    const double change = *cells[i].after.mean - *cells[i].before.mean;
    const double better = cells[i].higher_is_better ? change : -change;
    verdict.dropped = falls[i] <= rule.level && -better > rule.tolerance;
    verdict.risen = rises[i] <= rule.level && better > rule.tolerance;
  }
  return verdicts;
}

}  // namespace msdbench
