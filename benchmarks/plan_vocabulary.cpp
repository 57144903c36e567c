#include "benchmarks/plan_vocabulary.h"

#include <string_view>
#include <vector>

#include "reports/input_file.h"

namespace msdbench {

Vocabulary MakeVocabulary(const DatasetPlan& plan, const Split& train,
                          const Places& places) {
  if (!plan.vocabulary_file.empty()) {
    const auto place = places.Weights(plan.vocabulary_file);
    return Vocabulary::FromFile(IsFolder(place) ? place / "vocab.txt" : place);
  }
  std::vector<std::string_view> texts;
  for (const Example& example : train.examples) texts.push_back(example.text);
  return Vocabulary::FromTexts(texts, plan.vocabulary_size);
}

}  // namespace msdbench
