#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/dataset.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void WriteSmall(const Tree& tree) {
  tree.Write("train.jsonl",
             R"({"id":1235,"img":"img\/01235.png","label":0,"text":"a \u00e9"})"
             "\r\n\r\n"
             R"({"id":"08291","img":"img/08291.png","label":1,"text":""})");
  tree.Write("dev_seen.jsonl",
             R"({"id":3,"img":"img/01235.png","label":1,"text":"c"})"
             "\n");
  tree.Write("test_seen.jsonl",
             R"({"id":4,"img":"img/4.png","label":0,"text":"d"})"
             "\n");
  tree.Images({"img/01235.png", "img/08291.png", "img/4.png"});
}

TEST(HatefulMemes, ReadsTheAuthorsLayout) {
  Tree tree;
  WriteSmall(tree);
  const Dataset data = LoadDataset("hateful_memes", tree.Options());
  EXPECT_EQ(data.name, "hateful_memes");
  EXPECT_EQ(data.format, "hateful_memes");
  EXPECT_EQ(data.head, Head::kSingleLabel);
  EXPECT_THAT(data.labels, ElementsAre("not hateful", "hateful"));
  EXPECT_THAT(data.metrics, ElementsAre("roc_auc", "accuracy"));
  EXPECT_THAT(data.notes, IsEmpty());
  EXPECT_EQ(data.train.name, "train");
  EXPECT_EQ(data.dev.name, "dev_seen");
  EXPECT_EQ(data.test.name, "test_seen");
  EXPECT_TRUE(data.train.labelled && data.dev.labelled && data.test.labelled);
  ASSERT_EQ(data.train.examples.size(), 2U);
  const Example& first = data.train.examples[0];
  EXPECT_EQ(first.id, "1235");
  EXPECT_EQ(first.text, "a \xc3\xa9");
  // The image that "img" names, never the one of the id.
  EXPECT_EQ(first.image, tree.root() / "img/01235.png");
  EXPECT_EQ(Shown(first.targets), "0:1000");
  EXPECT_THAT(first.credit, IsEmpty());
  EXPECT_EQ(data.train.examples[1].id, "08291");
  EXPECT_EQ(Shown(data.train.examples[1].targets), "1:1000");
}

TEST(HatefulMemes, ReadsMmfsLayout) {
  Tree tree;
  for (const char* split : {"train", "dev_seen", "test_seen"}) {
    tree.Write(std::string("annotations/") + split + ".jsonl",
               R"({"id":1,"img":"img/1.png","label":0,"text":"a"})");
  }
  tree.Images({"images/img/1.png"});
  const Dataset data = LoadDataset("hateful_memes", tree.Options());
  EXPECT_EQ(data.test.examples[0].image, tree.root() / "images/img/1.png");
}

TEST(HatefulMemes, FindsMmfsLayoutFurtherIn) {
  for (const char* home : {"defaults/", "hateful_memes/defaults/",
                           "datasets/hateful_memes/defaults/"}) {
    Tree tree;
    const std::string folder = home;
    for (const char* split : {"train", "dev_unseen", "test_unseen"}) {
      tree.Write(folder + "annotations/" + split + ".jsonl",
                 R"({"id":1,"img":"img/1.png","label":0,"text":"a"})");
    }
    tree.Images({folder + "images/img/1.png"});
    auto options = tree.Options();
    options.dev_split = "dev_unseen";
    options.test_split = "test_unseen";
    const Dataset data = LoadDataset("hateful_memes", options);
    EXPECT_EQ(data.dev.name, "dev_unseen");
    EXPECT_EQ(data.test.name, "test_unseen");
    EXPECT_EQ(data.test.examples[0].image,
              tree.root() / (folder + "images/img/1.png"));
  }
}

TEST(HatefulMemes, SaysThatPicturesAreStillPacked) {
  Tree tree;
  WriteSmall(tree);
  tree.Remove("img");
  tree.Write("img.tar.gz", "packed");
  EXPECT_EQ(LoadError("hateful_memes", tree.Options()),
            tree.Path("img.tar.gz") +
                ": the pictures are still packed; unpack them, so that " +
                tree.Path("img") + " is a folder");
  // An archive left behind after unpacking is no fault.
  tree.Images({"img/01235.png", "img/08291.png", "img/4.png"});
  EXPECT_EQ(LoadDataset("hateful_memes", tree.Options()).train.examples.size(),
            2U);
}

TEST(HatefulMemes, FallsBackToPhaseOneAndItsUnlabelledTest) {
  Tree tree;
  WriteSmall(tree);
  std::filesystem::rename(tree.root() / "dev_seen.jsonl",
                          tree.root() / "dev.jsonl");
  tree.Remove("test_seen.jsonl");
  tree.Write("test.jsonl",
             R"({"id":4,"img":"img/4.png","text":"d"})"
             "\n"
             R"({"id":5,"img":"img/4.png","label":-1,"text":"d"})");
  const Dataset data = LoadDataset("hateful_memes", tree.Options());
  EXPECT_EQ(data.dev.name, "dev");
  EXPECT_EQ(data.test.name, "test");
  EXPECT_FALSE(data.test.labelled);
  EXPECT_THAT(data.test.examples[1].targets, IsEmpty());
}

TEST(HatefulMemes, NamedSplitsAndSharedIds) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("dev_unseen.jsonl",
             R"({"id":4,"img":"img/4.png","label":1,"text":"d"})");
  auto options = tree.Options();
  options.dev_split = "dev_unseen";
  options.name = "memes";
  const Dataset data = LoadDataset("hateful_memes", options);
  EXPECT_EQ(data.name, "memes");
  EXPECT_EQ(data.dev.name, "dev_unseen");
  EXPECT_THAT(data.notes, ElementsAre("dev_unseen and test_seen share 1 ids"));
  options.dev_split = "dev_sen";
  EXPECT_EQ(LoadError("hateful_memes", options),
            tree.root().string() +
                ": no split file dev_sen.jsonl; the .jsonl files there: "
                "dev_seen.jsonl, dev_unseen.jsonl, test_seen.jsonl, "
                "train.jsonl");
}

TEST(HatefulMemes, AMissingDefaultSplitIsAnError) {
  Tree tree;
  WriteSmall(tree);
  tree.Remove("test_seen.jsonl");
  EXPECT_THAT(LoadError("hateful_memes", tree.Options()),
              HasSubstr("no split file test_seen.jsonl or test.jsonl; the "
                        ".jsonl files there: dev_seen.jsonl, train.jsonl"));
}

TEST(HatefulMemes, SomeLabelsMissingIsAnError) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("test_seen.jsonl",
             R"({"id":4,"img":"img/4.png","label":1,"text":"d"})"
             "\n"
             R"({"id":5,"img":"img/4.png","text":"d"})");
  EXPECT_THAT(
      LoadError("hateful_memes", tree.Options()),
      HasSubstr(tree.Path("test_seen.jsonl") + ": line 2: has no label"));
  WriteSmall(tree);
  tree.Write("dev_seen.jsonl", R"({"id":3,"img":"img/4.png","text":"c"})");
  EXPECT_THAT(LoadError("hateful_memes", tree.Options()),
              HasSubstr("dev_seen.jsonl: line 1: has no label"));
}

TEST(HatefulMemes, NamesTheLineOfABadField) {
  Tree tree;
  WriteSmall(tree);
  const std::string good = R"({"id":1,"img":"img/4.png","label":0,"text":"a"})"
                           "\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"id":2,"img":"img/4.png","label":2,"text":"a"})",
       "line 2: \"label\" is 2, expected 0, 1 or"},
      {R"({"id":2,"img":"img/4.png","label":"1","text":"a"})",
       "line 2: \"label\" is \"1\", expected 0, 1 or"},
      {R"({"id":2.5,"img":"img/4.png","label":1,"text":"a"})",
       "line 2: \"id\" is 2.5, expected an integer or a string"},
      {R"({"id":"","img":"img/4.png","label":1,"text":"a"})",
       "line 2: \"id\" is \"\", expected"},
      {R"({"id":2,"img":"img/4.png","label":1})",
       "line 2: \"text\" is missing, expected a string"},
      {R"({"id":2,"img":"/etc/passwd","label":1,"text":"a"})",
       "line 2: \"img\" is \"/etc/passwd\", expected a file name below"},
      {R"({"id":2,"img":"img/../../4.png","label":1,"text":"a"})",
       "expected a file name below"},
      // The system would end the name at byte 0.
      {R"({"id":2,"img":"img/4.png\u0000.jpg","label":1,"text":"a"})",
       "expected a file name below"},
      {R"({"id":1,"img":"img/4.png","label":1,"text":"a"})",
       "split train: id \"1\" occurs twice"},
      {R"({"id":2,"img":"img/4.png","label":1,"text":"a")",
       "line 2: not valid JSON"},
  };
  for (const auto& [line, expected] : cases) {
    tree.Write("train.jsonl", good + line);
    EXPECT_THAT(LoadError("hateful_memes", tree.Options()),
                HasSubstr(expected));
  }
}

TEST(HatefulMemes, NamesThreeMissingImagesAndTheirNumber) {
  Tree tree;
  WriteSmall(tree);
  std::string lines;
  for (int i = 10; i < 15; ++i) {
    for (const char* twice : {"a", "b"}) {
      lines += "{\"id\":\"" + std::to_string(i) + twice + "\",\"img\":\"img/" +
               std::to_string(i) + ".png\",\"label\":0,\"text\":\"x\"}\n";
    }
  }
  tree.Write("train.jsonl", lines);
  EXPECT_EQ(LoadError("hateful_memes", tree.Options()),
            "hateful_memes: 5 of 7 image files are missing under " +
                tree.root().string() +
                ": img/10.png, img/11.png, img/12.png, ...");
  tree.Images({"img/10.png", "img/11.png", "img/12.png", "img/13.png"});
  std::filesystem::create_directories(tree.root() / "img/14.png");
  EXPECT_THAT(LoadError("hateful_memes", tree.Options()),
              HasSubstr((tree.root() / "img/14.png").string() +
                        ": is a folder, a picture is wanted"));
}

TEST(HatefulMemes, AnEmptySplitIsAnError) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("train.jsonl", "\n\n");
  EXPECT_EQ(LoadError("hateful_memes", tree.Options()),
            "hateful_memes: split train has no examples");
}

TEST(HatefulMemes, SaysWhatABadRootHolds) {
  Tree tree;
  tree.Write("readme.txt", "x");
  tree.Images({"img/1.png"});
  EXPECT_THAT(LoadError("hateful_memes", tree.Options()),
              testing::AllOf(HasSubstr(tree.root().string()),
                             HasSubstr("expected train.jsonl"),
                             HasSubstr("found: img/, readme.txt")));
  auto options = tree.Options();
  options.root = tree.root() / "absent";
  EXPECT_THAT(LoadError("hateful_memes", options), HasSubstr("no such folder"));
  options.root = tree.root() / "readme.txt";
  EXPECT_THAT(LoadError("hateful_memes", options),
              HasSubstr("it cannot be listed: Not a directory"));
  std::filesystem::create_directories(tree.root() / "empty");
  options.root = tree.root() / "empty";
  EXPECT_THAT(LoadError("hateful_memes", options), HasSubstr("found nothing"));
}

TEST(HatefulMemes, LabelNamesFromOptionsOrFile) {
  Tree tree;
  WriteSmall(tree);
  tree.Write("labels.json", R"(["fits", "does not fit"])");
  EXPECT_THAT(LoadDataset("hateful_memes", tree.Options()).labels,
              ElementsAre("fits", "does not fit"));
  auto options = tree.Options();
  options.labels = {"no", "yes"};
  EXPECT_THAT(LoadDataset("hateful_memes", options).labels,
              ElementsAre("no", "yes"));
  options.labels = {"no", "yes", "perhaps"};
  EXPECT_THAT(LoadError("hateful_memes", options, ExitCode::kUsage),
              HasSubstr("3 label names, expected 2"));
  options.labels = {"no", "no"};
  EXPECT_THAT(LoadError("hateful_memes", options, ExitCode::kUsage),
              HasSubstr("label 1, \"no\", is there twice"));
  options.labels = {"no", ""};
  EXPECT_THAT(LoadError("hateful_memes", options, ExitCode::kUsage),
              HasSubstr("label 1 has an empty name"));
  tree.Write("labels.json", R"(["fits", 3])");
  EXPECT_THAT(LoadError("hateful_memes", tree.Options()),
              HasSubstr("labels.json: must be an array of strings"));
  tree.Write("labels.json", "[]");
  EXPECT_THAT(LoadError("hateful_memes", tree.Options()),
              HasSubstr("labels.json: no label names"));
}

}  // namespace
}  // namespace msdbench
