#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "datasets/dataset.h"
#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kTrainQuestions[] =
    "v2_OpenEnded_mscoco_train2014_questions.json";
constexpr char kTrainAnnotations[] = "v2_mscoco_train2014_annotations.json";
constexpr char kValQuestions[] = "v2_OpenEnded_mscoco_val2014_questions.json";
constexpr char kValAnnotations[] = "v2_mscoco_val2014_annotations.json";

Json Question(int image, int id) {
  return {{"image_id", image},
          {"question", "What is " + std::to_string(id) + "?"},
          {"question_id", id}};
}

Json Annotation(int image, int id, const std::string& choice,
                const std::vector<std::string>& answers) {
  Json list = Json::array();
  for (const std::string& answer : answers) {
    list.push_back({{"answer", answer},
                    {"answer_confidence", "yes"},
                    {"answer_id", list.size() + 1}});
  }
  return {{"question_type", "what is"},
          {"multiple_choice_answer", choice},
          {"answers", list},
          {"image_id", image},
          {"answer_type", "other"},
          {"question_id", id}};
}

void WriteList(const Tree& tree, const std::string& file,
               const std::string& key, const Json& list) {
  tree.Write(
      file,
      Json{{"info", {{"version", "2.0"}}}, {"data_type", "mscoco"}, {key, list}}
          .dump());
}

std::string TrainImage(int image) {
  std::string digits = std::to_string(image);
  digits.insert(0, 12 - digits.size(), '0');
  return "train2014/COCO_train2014_" + digits + ".jpg";
}

const std::vector<std::string> kTwo(10, "two");

// 20 questions on images 0 to 9: ids 0..9 "two" (mixed spelling of the
// choice), 10..18 "red", 19 "rare".
struct Lists {
  Json questions = Json::array(), annotations = Json::array();
};

Lists TrainLists() {
  Lists lists;
  for (int id = 0; id < 20; ++id) {
    const int image = id % 10;
    lists.questions.push_back(Question(image, id));
    // In another order than the questions.
    const int other = 19 - id;
    if (other < 10) {
      lists.annotations.push_back(
          Annotation(other % 10, other, other < 5 ? "two" : "2.", kTwo));
    } else if (other < 19) {
      lists.annotations.push_back(
          Annotation(other % 10, other, "red",
                     {"red", "red", "red", "Red", "the red", "blue", "blue",
                      "blue", "2", "two"}));
    } else {
      lists.annotations.push_back(Annotation(
          other % 10, other, "rare", std::vector<std::string>(10, "rare")));
    }
  }
  return lists;
}

void WriteSmall(const Tree& tree) {
  const Lists train = TrainLists();
  WriteList(tree, kTrainQuestions, "questions", train.questions);
  WriteList(tree, kTrainAnnotations, "annotations", train.annotations);
  for (int image = 0; image < 10; ++image) tree.Images({TrainImage(image)});
  WriteList(tree, kValQuestions, "questions",
            Json::array({Question(458752, 458752000)}));
  WriteList(tree, kValAnnotations, "annotations",
            Json::array({Annotation(458752, 458752000, "net", kTwo)}));
  tree.Images({"val2014/COCO_val2014_000000458752.jpg"});
}

const Example& ById(const Dataset& data, const std::string& id) {
  for (const Split* split : {&data.train, &data.dev, &data.test}) {
    for (const Example& example : split->examples) {
      if (example.id == id) return example;
    }
  }
  throw std::out_of_range(id);
}

TEST(VqaV2, BuildsLabelsTargetsAndCredit) {
  Tree tree;
  WriteSmall(tree);
  const Dataset data = LoadDataset("vqa_v2", tree.Options());
  EXPECT_EQ(data.head, Head::kAnswer);
  EXPECT_THAT(data.metrics, ElementsAre("vqa_accuracy"));
  // "2" of 10 questions after normalising, "red" of 9, "rare" of one.
  EXPECT_THAT(data.labels, ElementsAre("2", "red"));
  // Raw "two" is not the label "2"; ten equal references are not normalised.
  EXPECT_THAT(ById(data, "0").targets, IsEmpty());
  EXPECT_THAT(ById(data, "0").credit, IsEmpty());
  // Raw: 2 once, red three times. Normalised: 2 twice, red five times.
  EXPECT_EQ(Shown(ById(data, "10").targets), "0:300 1:900");
  EXPECT_EQ(Shown(ById(data, "10").credit), "0:600 1:1000");
  EXPECT_EQ(ById(data, "10").text, "What is 10?");
  EXPECT_EQ(ById(data, "13").image, tree.root() / TrainImage(3));
  EXPECT_EQ(data.test.name, "val2014");
  EXPECT_EQ(ById(data, "458752000").image,
            tree.root() / "val2014/COCO_val2014_000000458752.jpg");
  EXPECT_THAT(
      data.notes,
      ElementsAre("2 answers: those of 9 or more questions of train2014",
                  "train2014: 11 of 20 questions have no answer among the "
                  "labels (empty targets)",
                  "train2014-dev: 2 questions cut from train2014 by image "
                  "(share 0.1, seed 0)",
                  "val2014: 1 of 1 questions have no answer among the labels "
                  "(empty targets)"));
}

TEST(VqaV2, CutsDevFromTrainByImage) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.dev_fraction = 0.3;
  std::set<std::string> draws;
  for (options.split_seed = 0; options.split_seed < 5; ++options.split_seed) {
    const Dataset data = LoadDataset("vqa_v2", options);
    EXPECT_EQ(data.train.name, "train2014");
    EXPECT_EQ(data.dev.name, "train2014-dev");
    EXPECT_EQ(data.train.examples.size(), 14U);
    EXPECT_EQ(data.dev.examples.size(), 6U);
    std::set<std::string> images;
    std::string draw;
    for (const Example& example : data.dev.examples) {
      images.insert(example.image.string());
      draw += example.id + " ";
    }
    for (const Example& example : data.train.examples) {
      EXPECT_EQ(images.count(example.image.string()), 0U);
    }
    draws.insert(draw);
    EXPECT_EQ(data.dev.examples[0].id,
              LoadDataset("vqa_v2", options).dev.examples[0].id);
  }
  EXPECT_GT(draws.size(), 1U);
  options.dev_fraction = 1;
  EXPECT_THAT(LoadError("vqa_v2", options, ExitCode::kUsage),
              HasSubstr("expected more than 0 and less than 1"));
}

TEST(VqaV2, ANamedDevSplitIsReadInstead) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.dev_split = "val2014";
  const Dataset data = LoadDataset("vqa_v2", options);
  EXPECT_EQ(data.train.examples.size(), 20U);
  EXPECT_EQ(data.dev.name, "val2014");
  EXPECT_EQ(data.dev.examples.size(), 1U);
}

TEST(VqaV2, LabelsFromOptionsOrFiles) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("labels.json", R"(["two", ""])");
  Dataset data = LoadDataset("vqa_v2", tree.Options());
  EXPECT_THAT(data.labels, ElementsAre("two", ""));
  EXPECT_EQ(Shown(ById(data, "0").targets), "0:1000");
  EXPECT_EQ(Shown(ById(data, "0").credit), "0:1000");
  tree.Write("answers_vqa.txt", "\xef\xbb\xbf<unk>\r\nred\r\ntwo\r\n");
  data = LoadDataset("vqa_v2", tree.Options());
  EXPECT_THAT(data.labels, ElementsAre("red", "two"));
  EXPECT_THAT(data.notes, testing::Contains(HasSubstr("<unk> left out")));
  auto options = tree.Options();
  options.labels = {"rare"};
  data = LoadDataset("vqa_v2", options);
  EXPECT_EQ(Shown(ById(data, "19").targets), "0:1000");
  options.labels = {"rare", "rare"};
  EXPECT_THAT(LoadError("vqa_v2", options, ExitCode::kUsage),
              HasSubstr("\"rare\", is there twice"));
  tree.Write("answers_vqa.txt", "red\nred\n");
  EXPECT_THAT(LoadError("vqa_v2", tree.Options()),
              HasSubstr("answers_vqa.txt: line 2: \"red\" is there twice, "
                        "first in line 1"));
  tree.Write("answers_vqa.txt", "red\ncaf\xe9\n");
  EXPECT_THAT(LoadError("vqa_v2", tree.Options()),
              HasSubstr("answers_vqa.txt: line 2 is not UTF-8"));
}

TEST(VqaV2, LabelsCountedOverTheSplitsThatAreNamed) {
  Tree tree;
  WriteSmall(tree);
  // Eight more of "rare" and its one in train make nine.
  Json questions = Json::array(), annotations = Json::array();
  for (int id = 100; id < 108; ++id) {
    questions.push_back(Question(458752, id));
    annotations.push_back(Annotation(458752, id, "the rare", kTwo));
  }
  WriteList(tree, kValQuestions, "questions", questions);
  WriteList(tree, kValAnnotations, "annotations", annotations);
  tree.Write("answers_vqa.txt", "of a file\n");
  auto options = tree.Options();
  options.answers_from = {"train2014"};
  EXPECT_THAT(LoadDataset("vqa_v2", options).labels, ElementsAre("2", "red"));
  options.answers_from = {"train2014", "val2014"};
  const Dataset both = LoadDataset("vqa_v2", options);
  EXPECT_THAT(both.labels, ElementsAre("2", "rare", "red"));
  EXPECT_EQ(both.notes[0],
            "3 answers: those of 9 or more questions of train2014 and val2014, "
            "the test split val2014 among them");
  // Counted though it is no split of this run, and part of what was read.
  options.test_split = options.dev_split = "train2014";
  const Dataset elsewhere = LoadDataset("vqa_v2", options);
  EXPECT_EQ(elsewhere.labels, both.labels);
  EXPECT_THAT(elsewhere.notes[0], HasSubstr("the test split train2014 among"));
  options.answers_from = {"train2014", "val2015"};
  EXPECT_THAT(LoadError("vqa_v2", options),
              HasSubstr("expected v2_mscoco_val2015_annotations.json"));
  options.labels = {"red"};
  EXPECT_THAT(LoadError("vqa_v2", options, ExitCode::kUsage),
              HasSubstr("labels and answers_from are both given"));
}

TEST(VqaV2, NoFrequentAnswerIsAnError) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.train_split = "val2014";
  options.dev_split = "train2014";
  EXPECT_THAT(LoadError("vqa_v2", options),
              HasSubstr("no answer is that of 9 or more questions"));
}

TEST(VqaV2, ATestWithoutAnnotationsIsUnlabelled) {
  Tree tree;
  WriteSmall(tree);
  WriteList(tree, "v2_OpenEnded_mscoco_test-dev2015_questions.json",
            "questions", Json::array({Question(1, 1000)}));
  tree.Images({"test2015/COCO_test2015_000000000001.jpg"});
  auto options = tree.Options();
  options.test_split = "test-dev2015";
  const Dataset data = LoadDataset("vqa_v2", options);
  EXPECT_FALSE(data.test.labelled);
  EXPECT_EQ(data.test.examples[0].image,
            tree.root() / "test2015/COCO_test2015_000000000001.jpg");
  EXPECT_THAT(data.test.examples[0].targets, IsEmpty());
  tree.Remove(kTrainAnnotations);
  EXPECT_THAT(LoadError("vqa_v2", options),
              HasSubstr(std::string("expected ") + kTrainAnnotations));
}

TEST(VqaV2, AcceptsBareNamesOfCoco2017) {
  Tree tree;
  WriteSmall(tree);
  tree.Remove("val2014");
  tree.Images({"val2014/000000458752.jpg"});
  EXPECT_EQ(LoadDataset("vqa_v2", tree.Options()).test.examples[0].image,
            tree.root() / "val2014/000000458752.jpg");
  tree.Remove("val2014");
  EXPECT_THAT(LoadError("vqa_v2", tree.Options()),
              HasSubstr("1 of 11 image files are missing under " +
                        tree.root().string() +
                        ": val2014/COCO_val2014_000000458752.jpg"));
}

// MMF has COCO's folders in images/, or beside VQA's own.
TEST(VqaV2, FindsCocoFoldersWhereMmfHasThem) {
  for (const char* place : {"images", "defaults/images", "coco/images",
                            "coco/defaults/images", "coco"}) {
    Tree tree;
    WriteSmall(tree);
    std::filesystem::create_directories(tree.root() / place);
    for (const char* folder : {"train2014", "val2014"}) {
      std::filesystem::rename(tree.root() / folder,
                              tree.root() / place / folder);
    }
    const Dataset data = LoadDataset("vqa_v2", tree.Options());
    EXPECT_EQ(ById(data, "13").image, tree.root() / place / TrainImage(3));
  }
}

TEST(VqaV2, FindsAnnotationsInAFolderOfTheirOwn) {
  for (const char* place : {"annotations", "defaults/annotations"}) {
    Tree tree;
    WriteSmall(tree);
    const Dataset before = LoadDataset("vqa_v2", tree.Options());
    std::filesystem::create_directories(tree.root() / place);
    for (const char* file :
         {kTrainQuestions, kTrainAnnotations, kValQuestions, kValAnnotations}) {
      std::filesystem::rename(tree.root() / file, tree.root() / place / file);
    }
    const Dataset data = LoadDataset("vqa_v2", tree.Options());
    EXPECT_EQ(data.fingerprint, before.fingerprint);
    EXPECT_EQ(data.labels, before.labels);
    tree.Write(std::string(place) + "/answers_vqa.txt", "two\n");
    EXPECT_THAT(LoadDataset("vqa_v2", tree.Options()).labels,
                ElementsAre("two"));
  }
}

// Where a split's first picture is missing, the others show how they are
// called: no list names a file that there never was.
TEST(VqaV2, MissingPicturesAreNamedLikeThoseThatAreThere) {
  Tree tree;
  WriteSmall(tree);
  tree.Remove("train2014");
  for (int image = 1; image < 10; ++image) {
    tree.Images(
        {"images/train2014/00000000000" + std::to_string(image) + ".jpg"});
  }
  EXPECT_THAT(
      LoadError("vqa_v2", tree.Options()),
      HasSubstr("1 of 11 image files are missing under " +
                tree.root().string() + ": images/train2014/000000000000.jpg"));
}

TEST(VqaV2, QuestionsAndAnnotationsMustMatch) {
  Tree tree;
  WriteSmall(tree);
  const Lists good = TrainLists();
  const auto expect = [&](const Lists& lists, const std::string& what) {
    WriteList(tree, kTrainQuestions, "questions", lists.questions);
    WriteList(tree, kTrainAnnotations, "annotations", lists.annotations);
    EXPECT_THAT(LoadError("vqa_v2", tree.Options()), HasSubstr(what));
  };
  Lists bad = good;
  bad.annotations.erase(3);
  expect(bad,
         tree.Path(kTrainAnnotations) + ": no annotation for question_id 16");
  bad = good;
  bad.questions.erase(3);
  expect(bad, "/annotations/16: question_id 3 is not in the question file");
  bad = good;
  bad.annotations[2] = bad.annotations[1];
  expect(bad, "/annotations/2: question_id 18 occurs twice");
  bad = good;
  bad.questions[2] = bad.questions[1];
  expect(bad, "/questions/2: question_id 1 occurs twice");
  bad = good;
  bad.annotations[2]["image_id"] = 77;
  expect(bad,
         "/annotations/2: \"image_id\" is 77, expected 7 as in the question");
  bad = good;
  bad.annotations[2]["answers"] = Json::array();
  expect(bad, "/annotations/2: \"answers\" is [], expected an array of");
  bad = good;
  bad.annotations[2]["answers"][4].erase("answer");
  expect(bad, "/annotations/2/answers: 4: \"answer\" is missing");
  bad = good;
  bad.questions[5]["question"] = 3;
  expect(bad, "/questions/5: \"question\" is 3, expected a string");
  bad = good;
  bad.questions[5]["image_id"] = -3;
  expect(bad, "/questions/5: \"image_id\" is -3, expected");
  bad = good;
  bad.questions = Json::array();
  expect(bad, "holds no question");
}

TEST(VqaV2, SaysWhatABadRootHolds) {
  Tree tree;
  tree.Write("notes.txt", "x");
  EXPECT_EQ(LoadError("vqa_v2", tree.Options()),
            tree.root().string() + ": not the folder of vqa_v2: expected " +
                kTrainQuestions + "; found: notes.txt");
}

}  // namespace
}  // namespace msdbench
