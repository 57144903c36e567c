#include "datasets/vqa_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "datasets/vqa_contractions.h"
#include "reports/json_file.h"
#include "reports/random.h"
#include "tests/datasets/tree.h"
#include "tests/golden.h"
#include "tests/golden_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

std::vector<std::string_view> Views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

// Outputs of the official code.
TEST(VqaNormalisation, EqualsTheOfficialOutputs) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"The dog", "dog"},
      {"a", ""},
      {"none", "0"},
      {"10,000", "10000"},
      {"1,000 people, approx", "1000 people approx"},
      {"red,white", "red white"},
      {"black / white", "black white"},
      {"one-way", "1 way"},
      {"U.S.A.", "usa"},
      {"3.5", "3.5"},
      {"5:30", "5:30"},
      {"Dont", "don't"},
      {"Im", "im"},
      {"let's", "let's"},
      {"somebody'd", "somebodyd"},
      {"  the   ten  cats ", "10 cats"},
      {"isn\xe2\x80\x99t", "isn\xe2\x80\x99t"},
      {"\xc2\xa0two", "2"},
      {"\xc3\x9c"
       "BER",
       "\xc3\xbc"
       "ber"},
      {std::string(35, '.'), "..."},
      {"20/20 vision", "20 20 vision"},
  };
  for (const auto& [raw, processed] : cases) {
    EXPECT_EQ(NormaliseAnswer(raw), processed) << raw;
  }
}

TEST(VqaNormalisation, AMarkBesideASpaceGoesEverywhere) {
  EXPECT_EQ(ProcessPunctuation("a-b"), "a b");
  EXPECT_EQ(ProcessPunctuation("a-b - c"), "ab  c");
  // A comma between digits anywhere makes every mark go.
  EXPECT_EQ(ProcessPunctuation("a-b 1,000 x?y"), "ab 1000 xy");
}

TEST(VqaNormalisation, PassesBytesThatAreNotUtf8Through) {
  EXPECT_EQ(NormaliseAnswer("\xff the \xc3"), "\xff \xc3");
}

TEST(VqaContractions, HoldsTheOfficialTable) {
  EXPECT_EQ(VqaContractions().size(), 120U);
  const fs::path file = "../shared/vqa_contractions.json";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is absent";
  std::map<std::string, std::string> official;
  const Json json = ReadJsonFile(file);
  for (const auto& item : json.items()) {
    official[item.key()] = item.value().get<std::string>();
  }
  const std::map<std::string, std::string> table(VqaContractions().begin(),
                                                 VqaContractions().end());
  EXPECT_EQ(table, official);
}

TEST(VqaAccuracy, IsTheMeanOverLeavingEachReferenceOut) {
  const std::vector<double> by_matches = {0, 0.3, 0.6, 0.9, 1, 1};
  for (std::size_t matches = 0; matches < by_matches.size(); ++matches) {
    std::vector<std::string> references(10, "other");
    for (std::size_t i = 0; i < matches; ++i) references[i] = "yes";
    EXPECT_NEAR(VqaAccuracy(references, "yes"), by_matches[matches], 1e-12);
  }
}

TEST(VqaAccuracy, NormalisesOnlyWhenReferencesDiffer) {
  std::vector<std::string> references(10, "yes");
  EXPECT_EQ(VqaAccuracy(references, "yes"), 1);
  EXPECT_EQ(VqaAccuracy(references, " yes\n"), 1);
  EXPECT_EQ(VqaAccuracy(references, "Yes"), 0);
  references[9] = "Yes";
  EXPECT_EQ(VqaAccuracy(references, "the Yes."), 1);
  // Spaces at the ends make no difference between references.
  references[9] = "yes ";
  EXPECT_EQ(VqaAccuracy(references, "Yes"), 0);
}

TEST(VqaVocabulary, CountsNormalisedAnswersAndOrdersByCountThenBytes) {
  std::vector<std::string> answers;
  const auto add = [&](const std::string& answer, int times) {
    for (int i = 0; i < times; ++i) answers.push_back(answer);
  };
  add("yes", 12);
  add("two", 5);
  add("2", 4);  // together 9
  add("dog", 9);
  add("The cat", 9);
  add("a", 9);    // becomes "", which the official code keeps
  add("red", 8);  // too rare
  add("Red.", 0);
  EXPECT_THAT(BuildAnswerLabels(Views(answers)),
              ElementsAre("yes", "", "2", "cat", "dog"));
  EXPECT_THAT(BuildAnswerLabels(Views(answers), 10), ElementsAre("yes"));
}

TEST(AnswerScorer, TargetsUseRawAnswersAndCreditNormalisedOnes) {
  AnswerScorer scorer({"2", "red", "two", "dog"});
  const auto scores = scorer.Score(
      {"two", "two", "Two", "2", "red", "red", "red", "x", "a dog", "Red"});
  // Raw: two twice, 2 once, red three times.
  EXPECT_EQ(Shown(scores.targets), "0:300 1:900 2:600");
  // Normalised: 2 four times (labels "2" and "two"), red four times, dog once.
  EXPECT_EQ(Shown(scores.credit), "0:1000 1:1000 2:1000 3:300");
}

TEST(AnswerScorer, UnanimousReferencesAreNotNormalised) {
  AnswerScorer scorer({"2", "two"});
  const std::vector<std::string_view> references(10, "two");
  const auto scores = scorer.Score(references);
  EXPECT_EQ(Shown(scores.targets), "1:1000");
  EXPECT_EQ(Shown(scores.credit), "1:1000");
}

TEST(AnswerScorer, AnswersOutsideTheLabelsScoreNothing) {
  AnswerScorer scorer({"yes"});
  const auto scores = scorer.Score({"no", "maybe"});
  EXPECT_TRUE(scores.targets.empty());
  EXPECT_TRUE(scores.credit.empty());
}

TEST(AnswerScorer, CreditIsTheOfficialAccuracyOfEveryLabel) {
  const std::vector<std::string> forms = {
      "two", "Two", " 2", "2",    "2 ",    "the dog", "dog",   "Dog.",
      "a",   "the", "",   "dont", "don't", "x-ray",   "x ray", "1,000"};
  AnswerScorer scorer(forms);
  Random random(1, "answers");
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t variety = 1 + random.Below(forms.size());
    std::vector<std::string> references(10);
    for (std::string& reference : references) {
      reference = forms[random.Below(variety)];
    }
    std::vector<double> credit(forms.size(), 0);
    for (const LabelScore& score : scorer.Score(Views(references)).credit) {
      credit[static_cast<std::size_t>(score.label)] = score.score;
    }
    for (std::size_t label = 0; label < forms.size(); ++label) {
      EXPECT_NEAR(credit[label], VqaAccuracy(references, forms[label]), 1e-7);
    }
  }
}

class GoldenVqa : public GoldenTest {};
MSDBENCH_GOLDEN_SUITE(GoldenVqa);

TEST_P(GoldenVqa, Answers) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/vqa_answers.json");
  const GoldenFile golden(file);
  GoldenTally tally;
  for (const GoldenJson& one : golden.at("cases").items()) {
    const std::string raw = one.at("raw").text();
    tally.Case(raw);
    tally.Equal("after punctuation", ProcessPunctuation(StripAnswer(raw)),
                one.at("after_punctuation").text());
    tally.Equal("processed", NormaliseAnswer(raw), one.at("processed").text());
  }
}

// Means of percents over the questions, all or one kind.
class PercentMeans {
 public:
  void Add(const std::string& group, double percent) {
    sums_[group] += percent;
    counts_[group] += 1;
  }
  double Of(const std::string& group) const {
    return sums_.at(group) / counts_.at(group);
  }

 private:
  std::map<std::string, double> sums_, counts_;
};

// A number that Python rounded: half a unit of its last place.
constexpr GoldenBound kRounded2 = {0.005 + 1e-9, 0, 0};
constexpr GoldenBound kRounded12 = {1e-9, 0, 0};

void CompareMeans(GoldenTally& tally, const GoldenJson& expected,
                  const GoldenBound& bound, const PercentMeans& overall,
                  const PercentMeans& by_question,
                  const PercentMeans& by_answer) {
  tally.Near("overall", overall.Of(""), expected.at("overall").number(), bound);
  const auto each = [&](const char* kind, const PercentMeans& means) {
    const GoldenJson wanted = expected.at(kind);
    for (const std::string& group : wanted.Keys()) {
      tally.Near(group, means.Of(group), wanted.at(group).number(), bound);
    }
  };
  each("perQuestionType", by_question);
  each("perAnswerType", by_answer);
}

TEST_P(GoldenVqa, Accuracy) {
  MSDBENCH_GOLDEN_FILE(file, "metrics/vqa_accuracy.json");
  const GoldenFile golden(file);
  std::map<std::int64_t, std::string> results;
  for (const GoldenJson& one : golden.at("input").at("results").items()) {
    results[one.at("question_id").get<std::int64_t>()] =
        one.at("answer").text();
  }
  const GoldenJson expected = golden.at("expected");
  PercentMeans overall, by_question, by_answer;
  GoldenTally tally;
  for (const GoldenJson& one : golden.at("input").at("annotations").items()) {
    const auto id = one.at("question_id").get<std::int64_t>();
    const std::string key = std::to_string(id);
    tally.Case(key);
    std::vector<std::string> references;
    for (const GoldenJson& answer : one.at("answers").items()) {
      references.push_back(answer.at("answer").text());
      // The evaluation knows neither.
      answer.Leave({"answer_id", "answer_confidence"});
    }
    const double got = 100 * VqaAccuracy(references, results.at(id));
    const double want = expected.at("per_question_rounded_12").at(key).number();
    tally.Near("accuracy", got, want, kRounded12);
    if (expected.contains("per_question_rounded_2")) {
      tally.Near("rounded", got,
                 expected.at("per_question_rounded_2").at(key).number(),
                 kRounded2);
    }
    overall.Add("", got);
    by_question.Add(one.value("question_type", std::string()), got);
    by_answer.Add(one.value("answer_type", std::string()), got);
    // The same through the index over a vocabulary; its credits are floats.
    AnswerScorer scorer({"something else", results.at(id)});
    double credit = 0;
    for (const LabelScore& score : scorer.Score(Views(references)).credit) {
      if (score.label == 1) credit = score.score;
    }
    tally.Near("credit", 100 * credit, want, {1e-5, 0, 0});
  }
  for (const auto& [key, bound] : {std::pair("accuracy_rounded_2", kRounded2),
                                   {"accuracy_rounded_12", kRounded12}}) {
    if (!expected.contains(key)) continue;
    tally.Case(key);
    CompareMeans(tally, expected.at(key), bound, overall, by_question,
                 by_answer);
  }
}

TEST(GoldenVqaVectors, NormalisedAnswers) {
  const fs::path file = "../shared/vqa_norm_vectors.json";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is absent";
  const GoldenFile golden(file);
  GoldenTally tally;
  for (const GoldenJson& one : golden.items()) {
    const std::string in = one.at("in").text();
    tally.Case(in);
    tally.Equal("out", NormaliseAnswer(in), one.at("out").text());
  }
}

}  // namespace
}  // namespace msdbench
