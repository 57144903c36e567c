#include "reports/stored_predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reports/json_file.h"
#include "reports/scored_examples.h"
#include "tests/reports/simulated_predictions.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

StoredPredictions Stored(const SimulatedPredictions& run) {
  const TestFolder folder;
  WriteSimulated(folder / "p.safetensors", run);
  return ReadPredictions(folder / "p.safetensors");
}

std::string Refused(const SimulatedPredictions& run) {
  const TestFolder folder;
  const auto file = folder / "p.safetensors";
  WriteSimulated(file, run);
  const std::string error = ErrorOf([&] { ReadPredictions(file); });
  const std::string name = file.string() + ": ";
  EXPECT_EQ(error.rfind(name, 0), 0u) << error;
  return error.size() > name.size() ? error.substr(name.size()) : "";
}

SimulatedPredictions Single() {
  SimulatedPredictions run;
  run.logits = {1, 2, 3, 1, 0, 0, -1, 5};
  run.gold_label = {1, 0, 1, 0};
  return run;
}

// Three labels, so that the bytes of the gold labels put the logits at an odd
// place of the file.
SimulatedPredictions Many() {
  SimulatedPredictions run;
  run.labels = 3;
  run.logits = {1, -1, 2, -3, 0, -1, 4, 4, -4};
  run.gold_labels = {1, 1, 0, 0, 1, 0, 1, 1, 0};
  return run;
}

SimulatedPredictions Answers() {
  SimulatedPredictions run;
  run.best_answers = {7, 3000, 0};
  run.credits = {1, 0.3F, 0};
  return run;
}

TEST(ReadPredictions, SingleLabels) {
  const StoredPredictions stored = Stored(Single());
  EXPECT_EQ(stored.example_ids, "ids");
  EXPECT_EQ(stored.examples, 4u);
  EXPECT_EQ(stored.labels, 2u);
  EXPECT_THAT(stored.gold_label, ElementsAre(1, 0, 1, 0));
  EXPECT_EQ(stored.logits[7], 5);
}

TEST(ReadPredictions, ManyLabelsAtAnyPlaceOfTheFile) {
  const StoredPredictions stored = Stored(Many());
  EXPECT_EQ(stored.examples, 3u);
  EXPECT_THAT(stored.logits, ElementsAre(1, -1, 2, -3, 0, -1, 4, 4, -4));
  EXPECT_THAT(stored.gold_labels, ElementsAre(1, 1, 0, 0, 1, 0, 1, 1, 0));
}

TEST(ReadPredictions, CreditsOfAnswers) {
  const StoredPredictions stored = Stored(Answers());
  EXPECT_EQ(stored.labels, 0u);
  EXPECT_THAT(stored.credits, ElementsAre(1, 0.3F, 0));
}

TEST(ReadPredictions, OldFilesAreRefusedAsSuch) {
  SimulatedPredictions run = Single();
  run.gold_label.clear();
  EXPECT_EQ(Refused(run),
            "has no test/gold: the test split has no labels, or an older "
            "version wrote it");
  run.example_ids.clear();
  EXPECT_EQ(Refused(run),
            "has no example_ids_sha256: written by an older version");
}

TEST(ReadPredictions, FaultsAreNamed) {
  SimulatedPredictions run = Single();
  run.gold_label[2] = 2;
  EXPECT_EQ(Refused(run), "test/gold holds the label 2; allowed: 0 to 1");
  run = Single();
  run.gold_label.pop_back();
  EXPECT_EQ(Refused(run),
            "test/gold has shape [3] beside logits of shape [4, 2]");
  run = Single();
  run.logits[1] = std::nanf("");
  EXPECT_EQ(Refused(run), "test/multimodal holds a value that is not finite");
  run = Single();
  run.logits.clear();
  EXPECT_EQ(Refused(run), "has no array \"test/multimodal\"");
  run.credits = {1};
  run.credits[0] = INFINITY;
  EXPECT_EQ(Refused(run),
            "test/multimodal/credit holds a value that is not finite");
  const TestFolder folder;
  WriteFileAtomically(folder / "p", "{}");
  EXPECT_THAT(ErrorOf([&] { ReadPredictions(folder / "p"); }),
              HasSubstr("not a sound safetensors file"));
}

TEST(ReadPredictions, AnotherTypeIsNamed) {
  const TestFolder folder;
  const std::vector<double> logits = {1, 2};
  WriteSafetensors(folder / "p",
                   {{"test/multimodal", "F64", {1, 2}, logits.data(), 16}},
                   {{"example_ids_sha256", "ids"}});
  EXPECT_THAT(ErrorOf([&] { ReadPredictions(folder / "p"); }),
              HasSubstr("test/multimodal is F64 [1, 2]; allowed: F32 of 2 "
                        "dimensions"));
}

TEST(WhereExamplesDiffer, IdsAndGoldLabels) {
  const StoredPredictions one = Stored(Single());
  EXPECT_THAT(WhereExamplesDiffer(one, one), IsEmpty());
  SimulatedPredictions other = Single();
  other.logits[0] = 9;
  EXPECT_THAT(WhereExamplesDiffer(one, Stored(other)), IsEmpty());
  other.gold_label[0] = 0;
  EXPECT_EQ(WhereExamplesDiffer(one, Stored(other)),
            "other gold labels than the reference's");
  other.example_ids = "others";
  EXPECT_EQ(WhereExamplesDiffer(one, Stored(other)),
            "predictions of other test examples than the reference's");
}

TEST(ScoreExamples, HandWorked) {
  const StoredPredictions single = Stored(Single());
  // Best labels 1, 0, 0 (the first of equals), 1 against 1, 0, 1, 0.
  EXPECT_THAT(ScoreExamples(single, "accuracy")->credits,
              ElementsAre(1, 1, 0, 0));
  EXPECT_EQ(ScoreExamples(single, "accuracy")->value, 0.5);
  // Scores 1, -2, 0, 6; positives 1 and 0 against negatives -2 and 6: half.
  EXPECT_EQ(ScoreExamples(single, "roc_auc")->value, 0.5);
  // Predicted 101, 000, 110 of 110, 010, 110: 3 hits, 4 + 5 labels.
  EXPECT_DOUBLE_EQ(*ScoreExamples(Stored(Many()), "multilabel_micro_f1")->value,
                   6.0 / 9);
  // At such a threshold all 9 are predicted, 5 of them rightly.
  EXPECT_DOUBLE_EQ(
      *ScoreExamples(Stored(Many()), "multilabel_micro_f1", 1e-6)->value,
      10.0 / 14);
  EXPECT_NEAR(*ScoreExamples(Stored(Answers()), "vqa_accuracy")->value, 1.3 / 3,
              1e-7);
}

TEST(ScoreExamples, OfAnotherKindThereIsNone) {
  const StoredPredictions single = Stored(Single()), many = Stored(Many());
  EXPECT_FALSE(ScoreExamples(single, "vqa_accuracy").has_value());
  EXPECT_FALSE(ScoreExamples(single, "multilabel_micro_f1").has_value());
  EXPECT_FALSE(ScoreExamples(many, "accuracy").has_value());
  EXPECT_FALSE(ScoreExamples(many, "roc_auc").has_value());
  EXPECT_FALSE(ScoreExamples(Stored(Answers()), "accuracy").has_value());
  EXPECT_FALSE(HasExampleTest("multilabel_macro_f1"));
}

}  // namespace
}  // namespace msdbench
