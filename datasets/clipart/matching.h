// Partners for pictures, so that a text stands with one picture that it fits
// and with one that it does not.
#pragma once

#include <functional>
#include <vector>

#include "datasets/clipart/catalogue.h"
#include "reports/random.h"

namespace msdbench {

// Whether two items have no label in common.
bool ShareNoLabel(const ClipartItem& a, const ClipartItem& b);

// partner[i] is an index into `items`: each occurs once, and
// fit(items[i], items[partner[i]]) holds for all. Items that find no partner
// are taken out of `items` first.
using Fit = std::function<bool(std::size_t item, std::size_t partner)>;
std::vector<std::size_t> MatchPartners(std::vector<std::size_t>& items,
                                       const Fit& fit, Random& random);

}  // namespace msdbench
