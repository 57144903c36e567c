#include "datasets/verify/answer_reach.h"

#include "datasets/vqa_answers.h"

namespace msdbench {

const AnswerReach::Forms& AnswerReach::FormsOf(std::string_view reference) {
  std::string key(reference);
  const auto known = forms_.find(key);
  if (known != forms_.end()) return known->second;
  vocabulary_.emplace(VocabularyAnswer(reference), key);
  Forms forms{StripAnswer(reference), NormaliseAnswer(reference)};
  return forms_.emplace(std::move(key), std::move(forms)).first->second;
}

void AnswerReach::Add(const std::vector<std::string_view>& references) {
  if (references.empty()) return;
  const std::string first = FormsOf(references.front()).stripped;
  bool differ = false;
  for (const std::string_view reference : references) {
    differ = FormsOf(reference).stripped != first || differ;
  }
  if (!differ) {
    agreed_.insert(first);
    return;
  }
  for (const std::string_view reference : references) {
    processed_.insert(FormsOf(reference).processed);
  }
}

bool AnswerReach::Trains(const std::string& label) const {
  return forms_.count(label) > 0;
}

bool AnswerReach::Scores(const std::string& label) const {
  return agreed_.count(StripAnswer(label)) > 0 ||
         processed_.count(NormaliseAnswer(label)) > 0;
}

std::string AnswerReach::Like(const std::string& label) const {
  const auto found = vocabulary_.find(label);
  return found == vocabulary_.end() ? "" : found->second;
}

}  // namespace msdbench
