// The labels: which keywords they are.
#pragma once

#include <string>
#include <vector>

#include "datasets/clipart/catalogue.h"

namespace msdbench {

inline constexpr int kMostLabels = 23;  // as many as MM-IMDB has
inline constexpr int kLeastGroups = 4;

// Sets every item's labels and returns their names, the commonest first: the
// kMostLabels keywords that most groups have (not most pictures, or one long
// series would make a label). A plural counts as its singular where both occur.
// A keyword is passed over when it says what a commoner label says: half or
// more of the groups that have either have both. None has fewer than
// kLeastGroups groups.
std::vector<std::string> LabelItems(std::vector<ClipartItem>& items);

}  // namespace msdbench
