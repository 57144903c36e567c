// Normalisation and scoring of answers: each line of the input is one, and
// every second one a label.
#include <algorithm>

#include "datasets/vqa_answers.h"
#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {
namespace {

std::vector<std::string> Lines(std::string_view bytes) {
  constexpr std::size_t kMost = 40;
  std::vector<std::string> lines;
  while (!bytes.empty() && lines.size() < kMost) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    lines.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return lines;
}

}  // namespace

FUZZ_TARGET(bytes) {
  NormaliseAnswer(bytes);  // lines and all
  const std::vector<std::string> answers = Lines(bytes);
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < answers.size(); i += 2) {
    if (std::find(labels.begin(), labels.end(), answers[i]) == labels.end()) {
      labels.push_back(answers[i]);
    }
  }
  BuildAnswerLabels({answers.begin(), answers.end()}, 1);
  AnswerScorer scorer(labels);
  const auto scores = scorer.Score({answers.begin(), answers.end()});
  // The scorer's short cut and the official way agree for each label.
  std::vector<float> credit(labels.size());
  for (const LabelScore& score : scores.credit) {
    credit.at(static_cast<std::size_t>(score.label)) = score.score;
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Expect(credit[i] == static_cast<float>(VqaAccuracy(answers, labels[i])),
           "the scorer's credit is the official accuracy");
  }
}

}  // namespace msdbench::fuzz
