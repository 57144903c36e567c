#include "benchmarks/plan_tokenizer.h"

#include <string_view>
#include <vector>

namespace msdbench {

StoredTokenizer MakeTokenizer(const DatasetPlan& plan, const Split& train,
                              const Places& places) {
  if (!plan.vocabulary_file.empty()) {
    return ReadTokenizer(places.Weights(plan.vocabulary_file));
  }
  std::vector<std::string_view> texts;
  for (const Example& example : train.examples) texts.push_back(example.text);
  return {WordPiece(Vocabulary::FromTexts(texts, plan.vocabulary_size)), 0, {}};
}

}  // namespace msdbench
