// VQA v2 answers: the official normalisation, accuracy, targets, vocabulary.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "datasets/dataset.h"

namespace msdbench {

// The three steps of the official evaluation (GT-Vision-Lab/VQA, vqaEval.py of
// 2021-03-11, as Python 3 runs it), on UTF-8. White space, digits and lower
// case are Python's (datasets/text/python_text.h).
// 1. Line feeds and tabs become spaces, then both ends are stripped.
std::string StripAnswer(std::string_view answer);
// 2. Punctuation goes or becomes a space; ' : % $ & stay. At most 32 periods go
//    (a flag passed as a count there).
std::string ProcessPunctuation(std::string_view answer);
// 3. Lower case, digits for the words none and zero to ten, no articles,
//    apostrophes into contractions, single spaces.
std::string ProcessDigitArticle(std::string_view answer);
// All three in turn.
std::string NormaliseAnswer(std::string_view answer);

// Official accuracy of `prediction` in [0, 1]: the mean over the references of
// min(1, equal ones among the others / 3). Both sides are normalised only when
// the stripped references differ from each other.
double VqaAccuracy(const std::vector<std::string>& references,
                   const std::string& prediction);

// What an answer given by `count` annotators scores as a training target:
// 0, 0.3, 0.6, 0.9, 1, 1, ...
float VqaSoftScore(std::int64_t count);

// The vocabulary's form of a multiple-choice answer: steps 2 and 3, no commas.
std::string VocabularyAnswer(std::string_view answer);

// Labels that at least `minimum` of the questions have as multiple-choice
// answer; the most frequent first, then by bytes. One entry a question.
std::vector<std::string> BuildAnswerLabels(
    const std::vector<std::string_view>& multiple_choice_answers,
    std::int64_t minimum = 9);

// Scores the references of a question against all labels at once, in time
// linear in the references. Keeps what it has worked out for each distinct
// answer string.
class AnswerScorer {
 public:
  explicit AnswerScorer(const std::vector<std::string>& labels);

  struct Scores {
    // Raw references that are labels, with VqaSoftScore of their number.
    std::vector<LabelScore> targets;
    // VqaAccuracy of every label where it is above 0.
    std::vector<LabelScore> credit;
  };
  // Both sorted by label.
  Scores Score(const std::vector<std::string_view>& references);

 private:
  struct Answer {
    std::int32_t label = -1;      // the label spelt exactly so
    std::int32_t stripped = -1;   // number of the stripped form
    std::int32_t processed = -1;  // number of the normalised form
  };
  using Labels = std::vector<std::int32_t>;
  using Numbers = std::unordered_map<std::string, std::int32_t>;

  const Answer& Look(std::string_view answer);
  void AddCredit(const std::vector<std::int32_t>& forms,
                 const std::vector<Labels>& labels_of,
                 std::vector<LabelScore>& credit) const;

  Numbers label_numbers_, stripped_numbers_, processed_numbers_;
  // Labels that strip or normalise to the form of that number.
  std::vector<Labels> labels_of_stripped_, labels_of_processed_;
  std::unordered_map<std::string, Answer> answers_;
};

}  // namespace msdbench
