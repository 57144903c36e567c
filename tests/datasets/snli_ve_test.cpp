#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/dataset.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Line(const std::string& photo, const std::string& pair,
                 const std::string& gold, const std::string& text = "h") {
  return "{\"Flikr30kID\":" + photo + ",\"pairID\":\"" + pair +
         "\",\"gold_label\":\"" + gold +
         "\",\"sentence1\":\"premise\",\"sentence2\":\"" + text + "\"}\n";
}

void WriteSmall(const Tree& tree) {
  tree.Write(
      "snli_ve_train.jsonl",
      Line("\"34.jpg\"", "34.jpg#4r1n", "neutral", " Two  lines\\nhere ") +
          Line("\"34\"", "34.jpg#4r1e", "entailment") +
          R"({"Flickr30kID":"56.jpg","pairID":"p3","gold_label":"neutral",)"
          R"("sentence2":"x"})"
          "\n"
          R"({"Flickr30K_ID":56,"pairID":"p4","gold_label":"contradiction",)"
          R"("sentence2":"x"})"
          "\n");
  tree.Write("snli_ve_dev.jsonl", Line("\"34\"", "d1", "contradiction"));
  tree.Write("snli_ve_test.jsonl", Line("\"56\"", "t1", "entailment"));
  tree.Images({"flickr30k_images/34.jpg", "flickr30k_images/56.jpg"});
}

TEST(SnliVe, ReadsAllSpellingsOfThePhotoId) {
  Tree tree;
  WriteSmall(tree);
  const Dataset data = LoadDataset("snli_ve", tree.Options());
  EXPECT_EQ(data.head, Head::kSingleLabel);
  EXPECT_THAT(data.labels,
              ElementsAre("entailment", "neutral", "contradiction"));
  EXPECT_THAT(data.metrics, ElementsAre("accuracy"));
  EXPECT_THAT(data.notes, IsEmpty());
  EXPECT_EQ(data.train.name, "train");
  ASSERT_EQ(data.train.examples.size(), 4U);
  const auto& train = data.train.examples;
  EXPECT_EQ(train[0].id, "34.jpg#4r1n");
  // The hypothesis, as the file spells it.
  EXPECT_EQ(train[0].text, " Two  lines\nhere ");
  EXPECT_EQ(Shown(train[0].targets), "1:1000");
  EXPECT_EQ(Shown(train[1].targets), "0:1000");
  EXPECT_EQ(Shown(train[3].targets), "2:1000");
  EXPECT_EQ(train[0].image, tree.root() / "flickr30k_images/34.jpg");
  EXPECT_EQ(train[1].image, train[0].image);
  EXPECT_EQ(train[2].image, tree.root() / "flickr30k_images/56.jpg");
  EXPECT_EQ(train[3].image, train[2].image);
}

// MMF has annotations and pictures in two sets of its data folder.
TEST(SnliVe, FindsTheLayoutsOfMmf) {
  namespace fs = std::filesystem;
  struct Places {
    const char *annotations, *images;
  };
  for (const Places& places :
       {Places{"annotations", "images"},
        Places{"defaults/annotations", "defaults/images"},
        Places{"visual_entailment/defaults/annotations",
               "flickr30k/defaults/images"},
        Places{"datasets/visual_entailment/defaults/annotations",
               "datasets/flickr30k/defaults/images"}}) {
    Tree tree;
    WriteSmall(tree);
    fs::create_directories(tree.root() / places.annotations);
    fs::create_directories(tree.root() / places.images);
    for (const char* split : {"train", "dev", "test"}) {
      const std::string file = std::string("snli_ve_") + split + ".jsonl";
      fs::rename(tree.root() / file, tree.root() / places.annotations / file);
    }
    fs::rename(tree.root() / "flickr30k_images",
               tree.root() / places.images / "flickr30k_images");
    const Dataset data = LoadDataset("snli_ve", tree.Options());
    EXPECT_EQ(data.train.examples.size(), 4U);
    EXPECT_EQ(data.test.examples[0].image,
              tree.root() / places.images / "flickr30k_images/56.jpg");
  }
}

TEST(SnliVe, ThePremiseFollowsTheHypothesisWhereItIsWanted) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("snli_ve_train.jsonl",
             Line("\"34\"", "p1", "neutral", "A dog sleeps."));
  auto options = tree.Options();
  EXPECT_EQ(LoadDataset("snli_ve", options).train.examples[0].text,
            "A dog sleeps.");
  options.premise = true;
  EXPECT_EQ(LoadDataset("snli_ve", options).train.examples[0].text,
            "A dog sleeps. [SEP] premise");
  tree.Write("snli_ve_dev.jsonl",
             R"({"Flikr30kID":"34","pairID":"d1","gold_label":"neutral",)"
             R"("sentence2":"x"})");
  EXPECT_THAT(LoadError("snli_ve", options),
              HasSubstr("dev.jsonl: line 1: \"sentence1\" is missing"));
}

TEST(SnliVe, SkipsAndCountsPairsWithoutGoldAndVisualGenome) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("snli_ve_train.jsonl", Line("\"34\"", "p1", "neutral") +
                                        Line("\"34\"", "p2", "-") +
                                        Line("\"34\"", "p3", "-") +
                                        Line("\"vg_1\"", "vg_1r1n", "neutral"));
  const Dataset data = LoadDataset("snli_ve", tree.Options());
  EXPECT_EQ(data.train.examples.size(), 1U);
  EXPECT_THAT(data.notes,
              ElementsAre("train: 2 pairs skipped: no gold label (\"-\")",
                          "train: 1 pairs skipped: Visual Genome pictures "
                          "(pairID \"vg_...\")"));
}

TEST(SnliVe, ALabelOutsideTheSetListsTheAllowedOnes) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("snli_ve_dev.jsonl",
             Line("\"34\"", "p1", "neutral") + Line("\"34\"", "p2", "Neutral"));
  EXPECT_EQ(LoadError("snli_ve", tree.Options()),
            tree.Path("snli_ve_dev.jsonl") +
                ": line 2: \"gold_label\" is \"Neutral\", expected "
                "entailment, neutral, contradiction");
}

TEST(SnliVe, LabelOrderCanBeGiven) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.labels = {"contradiction", "neutral", "entailment"};
  const Dataset data = LoadDataset("snli_ve", options);
  EXPECT_EQ(Shown(data.train.examples[1].targets), "2:1000");
}

TEST(SnliVe, ATestSplitWithoutGoldLabelsIsUnlabelled) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("snli_ve_test.jsonl",
             R"({"Flikr30kID":"34","pairID":"p1","sentence2":"x"})");
  EXPECT_FALSE(LoadDataset("snli_ve", tree.Options()).test.labelled);
  tree.Write("snli_ve_train.jsonl",
             R"({"Flikr30kID":"34","pairID":"p1","sentence2":"x"})");
  EXPECT_THAT(LoadError("snli_ve", tree.Options()),
              HasSubstr("snli_ve_train.jsonl: line 1: has no label"));
}

TEST(SnliVe, NamesTheRecordOfABadField) {
  Tree tree;
  WriteSmall(tree);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"pairID":"p","gold_label":"neutral","sentence2":"x"})",
       "line 1: no photo id, expected Flikr30kID, Flickr30kID or "
       "Flickr30K_ID"},
      {Line("\"../34\"", "p", "neutral"),
       "line 1: \"Flikr30kID\" is \"../34\", expected a photo's id"},
      {Line("\"34\\u0000\"", "p", "neutral"),
       "line 1: \"Flikr30kID\" is \"34\\u0000\", expected a photo's id"},
      {R"({"Flikr30kID":"34","gold_label":"neutral","sentence2":"x"})",
       "line 1: \"pairID\" is missing"},
      {R"({"Flikr30kID":"34","pairID":"p","gold_label":"neutral"})",
       "line 1: \"sentence2\" is missing"},
      {Line("\"34\"", "p", "neutral") + Line("\"34\"", "p", "neutral"),
       "snli_ve: split train: id \"p\" occurs twice"},
      {Line("\"99\"", "p", "neutral"), "1 of 3 image files are missing under " +
                                           tree.root().string() +
                                           ": flickr30k_images/99.jpg"},
  };
  for (const auto& [lines, expected] : cases) {
    tree.Write("snli_ve_train.jsonl", lines);
    EXPECT_THAT(LoadError("snli_ve", tree.Options()), HasSubstr(expected));
  }
}

TEST(SnliVe, SaysWhatABadRootHolds) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.dev_split = "development";
  EXPECT_THAT(LoadError("snli_ve", options),
              HasSubstr("no split file snli_ve_development.jsonl; the .jsonl "
                        "files there: snli_ve_dev.jsonl, snli_ve_test.jsonl, "
                        "snli_ve_train.jsonl"));
  tree.Remove("flickr30k_images");
  EXPECT_THAT(LoadError("snli_ve", tree.Options()),
              testing::AllOf(HasSubstr("and flickr30k_images/"),
                             HasSubstr("found: snli_ve_dev.jsonl")));
}

}  // namespace
}  // namespace msdbench
