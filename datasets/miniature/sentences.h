// Sentences from templates with varied filler words.
#pragma once

#include <string>
#include <vector>

#include "reports/random.h"

namespace msdbench {

// One of the items.
template <typename Items>
const auto& PickOne(const Items& items, Random& random) {
  return items[random.Below(items.size())];
}

// An index drawn with the given probabilities (which sum to 1).
int DrawIndex(const std::vector<double>& probabilities, Random& random);

// A random template with every "{}" replaced by `word` and every "_" by a
// random filler word.
std::string FillTemplate(const std::vector<std::string>& templates,
                         const std::string& word, Random& random);

}  // namespace msdbench
