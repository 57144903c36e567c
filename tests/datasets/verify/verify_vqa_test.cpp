// VQA v2's files, whose faults lie between questions, annotations and answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/verify/verify.h"
#include "reports/json_file.h"
#include "tests/datasets/verify/verify_tree.h"

namespace msdbench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

void WriteQuestions(const Tree& tree) {
  const auto question = [](int id, int image) {
    return Json{{"question_id", id}, {"image_id", image}, {"question", "Why?"}};
  };
  const auto annotation = [](int id, int image, const std::string& answer) {
    return Json{{"question_id", id},
                {"image_id", image},
                {"multiple_choice_answer", answer},
                {"answers", Json::array({Json::object({{"answer", answer}})})}};
  };
  const auto write = [&](const std::string& name, const std::string& key,
                         const Json& list) {
    tree.Write(name, Json{{key, list}}.dump());
  };
  write("v2_OpenEnded_mscoco_train2014_questions.json", "questions",
        {question(10, 1), question(11, 1), question(12, 2)});
  write("v2_mscoco_train2014_annotations.json", "annotations",
        {annotation(10, 1, "two"), annotation(11, 1, "2."),
         annotation(12, 2, "red")});
  write("v2_OpenEnded_mscoco_val2014_questions.json", "questions",
        Json::array({question(20, 3)}));
  write("v2_mscoco_val2014_annotations.json", "annotations",
        Json::array({annotation(20, 3, "red")}));
  tree.Write("labels.json", R"(["2", "red"])");
  tree.Write("train2014/COCO_train2014_000000000001.jpg", Png(1));
  tree.Write("train2014/COCO_train2014_000000000002.jpg", Png(2));
  tree.Write("val2014/COCO_val2014_000000000003.jpg", Png(3));
}

TEST(VerifyVqa, AnswersAreCountedInTheVocabularysForm) {
  Tree tree;
  WriteQuestions(tree);
  const VerifyReport report = VerifyTree(tree, "vqa_v2");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(report.scan.splits[0].labels,
              ElementsAre(Pair("2", 2), Pair("red", 1)));
  EXPECT_EQ(report.splits[0].images, 2);
  EXPECT_THAT(
      Texts(report, Verdict::kNote),
      ElementsAre("train2014 and val2014 share 1 texts (1 of 1 examples "
                  "of val2014)",
                  HasSubstr("train2014 has 3 of 443757 examples"),
                  "train2014: 0 answers are those of 9 or more "
                  "questions"));
  tree.Write("labels.json", "[]");
  EXPECT_THAT(Texts(VerifyTree(tree, "vqa_v2"), Verdict::kUnusable),
              ElementsAre(HasSubstr("labels.json: no label names")));
  tree.Remove("labels.json");
  EXPECT_THAT(Texts(VerifyTree(tree, "vqa_v2"), Verdict::kUnusable),
              ElementsAre("train2014: 1 faults in its files"));
}

TEST(VerifyVqa, CopiesOfItsFilesAreNoSplits) {
  Tree tree;
  WriteQuestions(tree);
  const std::string text =
      ReadTextFile(tree.root() / "v2_OpenEnded_mscoco_val2014_questions.json");
  const std::size_t before = VerifyTree(tree, "vqa_v2").shared.size();
  for (const char* name : {"val2014_old", "train2014_copy", "mini"}) {
    tree.Write(std::string("v2_OpenEnded_mscoco_") + name + "_questions.json",
               text);
  }
  const VerifyReport report = VerifyTree(tree, "vqa_v2");
  EXPECT_EQ(report.scan.splits.size(), 2U);
  EXPECT_EQ(report.shared.size(), before);
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("not read: v2_OpenEnded_mscoco_val2014_old_questions"
                       ".json is not a split that is known"));
}

// References that agree are compared as they are, so "two" is not taken for the
// label 2, nor "garbage_bin" for garbage bin; where they differ, "a Lamp." is
// processed to lamp. "fork" stands in val2014 alone: it scores and is not
// trained.
TEST(VerifyVqa, LabelsThatNoReferenceReaches) {
  Tree tree;
  WriteQuestions(tree);
  const auto annotation = [](int id, int image,
                             const std::vector<std::string>& answers) {
    Json references = Json::array();
    for (const std::string& answer : answers) {
      references.push_back({{"answer", answer}});
    }
    return Json{{"question_id", id},
                {"image_id", image},
                {"multiple_choice_answer", answers[0]},
                {"answers", references}};
  };
  tree.Write("v2_mscoco_train2014_annotations.json",
             Json{{"annotations",
                   {annotation(10, 1, {"garbage_bin", "garbage_bin"}),
                    annotation(11, 1, {"a Lamp.", "red"}),
                    annotation(12, 2, {" two", "two"})}}}
                 .dump());
  tree.Write(
      "v2_mscoco_val2014_annotations.json",
      Json{{"annotations", Json::array({annotation(20, 3, {"fork", "fork"})})}}
          .dump());
  tree.Write("labels.json",
             R"(["garbage bin", "lamp", "red", "two", "2", "fork", "x"])");
  const VerifyReport report = VerifyTree(tree, "vqa_v2");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(report.scan.unscored_labels,
              ElementsAre("garbage bin (a reference: garbage_bin)",
                          "2 (a reference:  two)", "x"));
  EXPECT_THAT(report.scan.untrained_labels,
              ElementsAre("garbage bin (a reference: garbage_bin)",
                          "lamp (a reference: a Lamp.)",
                          "2 (a reference:  two)", "fork", "x"));
  const auto warnings = Texts(report, Verdict::kWarning);
  EXPECT_THAT(warnings,
              Contains("3 of 7 labels can score nowhere, since no reference of "
                       "any split is taken for them: garbage bin (a reference: "
                       "garbage_bin), 2 (a reference:  two), x"));
  EXPECT_THAT(warnings,
              Contains(HasSubstr("5 of 7 labels are never trained, since no "
                                 "reference of train2014 is spelt so: garbage "
                                 "bin")));
}

TEST(VerifyVqa, OneQuestionAboutOnePictureAnsweredTwice) {
  Tree tree;
  WriteQuestions(tree);
  EXPECT_THAT(Texts(VerifyTree(tree, "vqa_v2"), Verdict::kWarning),
              Contains("train2014: 1 times the same picture and text have "
                       "different labels (first: 10: two, 11: 2.)"));
}

TEST(VerifyVqa, AnnotationsThatDoNotFitTheirQuestions) {
  Tree tree;
  WriteQuestions(tree);
  tree.Write("v2_mscoco_train2014_annotations.json",
             R"({"annotations": [
    {"question_id": 99, "image_id": 1},
    {"question_id": 10, "image_id": 2},
    {"question_id": 10, "image_id": 1, "multiple_choice_answer": "a"},
    {"question_id": 11, "image_id": 1, "multiple_choice_answer": "net",
     "answers": [{"answer": "net"}]}, 7]})");
  tree.Write("v2_OpenEnded_mscoco_test2015_questions.json",
             R"({"questions": [{"question_id": 1, "image_id": 7,
                                "question": "Why?"}, {"question_)");
  const VerifyReport report = VerifyTree(tree, "vqa_v2");
  EXPECT_THAT(Texts(report, Verdict::kUnusable),
              ElementsAre("train2014: 5 faults in its files"));
  EXPECT_THAT(Texts(report, Verdict::kWarning),
              Contains("test2015: 1 faults in its files, 1 missing images"));
  const auto& faults = report.scan.splits[1].faults;
  ASSERT_EQ(faults.size(), 5U);
  EXPECT_THAT(faults[0], HasSubstr("/annotations/0: question_id 99 is not in"));
  EXPECT_THAT(faults[1], HasSubstr("/annotations/1: \"image_id\" is 2"));
  EXPECT_THAT(faults[2], HasSubstr("/annotations/2: \"answers\" is missing"));
  EXPECT_THAT(faults[3], HasSubstr("/annotations/4: must be a JSON object"));
  EXPECT_THAT(faults[4], HasSubstr("2 questions have no annotation"));
  EXPECT_THAT(report.scan.splits[0].faults,
              ElementsAre(HasSubstr("not valid JSON at byte")));
}

TEST(VerifyVqa, EveryFaultOfTheAnswerListIsNamed) {
  Tree tree;
  WriteQuestions(tree);
  tree.Write("answers_vqa.txt", "<unk>\n2\nred\n\n2\ncaf\xe9\nred\r\n");
  VerifyReport report = VerifyTree(tree, "vqa_v2");
  const std::string file = tree.Path("answers_vqa.txt");
  EXPECT_THAT(
      Texts(report, Verdict::kUnusable),
      ElementsAre(file + ": line 5: \"2\" is there twice, first in line 2",
                  file + ": line 6 is not UTF-8",
                  file + ": line 7: \"red\" is there twice, first in line 3"));
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("answers_vqa.txt: <unk> left out: it is no answer"));
  // The list goes before labels.json, which is not looked at then.
  tree.Write("labels.json", "{");
  tree.Write("answers_vqa.txt", "2\nred\n");
  report = VerifyTree(tree, "vqa_v2");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(report.scan.more_files,
              ElementsAre("answers_vqa.txt", "labels.json"));
  tree.Write("answers_vqa.txt", "\n<unk>\n");
  EXPECT_THAT(Texts(VerifyTree(tree, "vqa_v2"), Verdict::kUnusable),
              ElementsAre(file + ": no label names"));
  tree.Remove("answers_vqa.txt");
  std::filesystem::create_directories(tree.root() / "answers_vqa.txt");
  EXPECT_THAT(Texts(VerifyTree(tree, "vqa_v2"), Verdict::kUnusable),
              ElementsAre(file + ": cannot be read: it is a folder, a "
                                 "regular file is wanted"));
}

TEST(VerifyVqa, AnnotationsThatAreCutOffCountUpToThere) {
  Tree tree;
  WriteQuestions(tree);
  const std::string whole =
      ReadTextFile(tree.root() / "v2_mscoco_train2014_annotations.json");
  tree.Write("v2_mscoco_train2014_annotations.json",
             whole.substr(0, whole.size() - 20));
  const VerifyReport report = VerifyTree(tree, "vqa_v2");
  EXPECT_THAT(report.scan.splits[0].labels, ElementsAre(Pair("2", 2)));
  EXPECT_THAT(report.scan.splits[0].faults,
              ElementsAre(HasSubstr("not valid JSON at byte"),
                          HasSubstr("1 questions have no annotation")));
}

}  // namespace
}  // namespace msdbench
