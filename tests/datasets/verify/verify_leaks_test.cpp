// What splits share, and what a split holds twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/verify/render.h"
#include "tests/datasets/verify/verify_tree.h"

namespace msdbench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(VerifyLeaks, AreWarningsUnlessTheyWerePublishedSo) {
  Tree tree;
  WriteMemes(tree);
  tree.Write("test_seen.jsonl",
             Meme(2, "img/2.png", 1) + Meme(5, "img/copy.png", 0));
  tree.Write("img/copy.png", Png(1));
  tree.Write("dev_unseen.jsonl",
             Meme(3, "img/3.png", 1) + Meme(6, "img/4.png", 1));
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(
      Texts(report, Verdict::kWarning),
      ElementsAre("train and test_seen share 1 ids, 2 pictures (2 of 2 images "
                  "and 2 of 2 examples of test_seen), 1 examples with picture "
                  "and text alike: scores may be too high"));
  EXPECT_THAT(
      Texts(report, Verdict::kNote),
      Contains("dev_seen and dev_unseen share 1 ids, 1 pictures (1 of 2 images "
               "and 1 of 2 examples of dev_unseen), 1 examples with picture "
               "and text alike (as published)"));
  ASSERT_EQ(report.shared.size(), 2U);
  const SharedItems& shared = report.shared[0];
  EXPECT_THAT(shared.ids, ElementsAre("2"));
  EXPECT_THAT(shared.pairs, ElementsAre("2"));
  ASSERT_EQ(shared.pictures.size(), 2U);
  // In the order in which the pictures were met: test_seen before train.
  EXPECT_THAT(shared.pictures[0].second_names, ElementsAre("img/2.png"));
  EXPECT_THAT(shared.pictures[1].first_names, ElementsAre("img/1.png"));
  EXPECT_THAT(shared.pictures[1].second_names, ElementsAre("img/copy.png"));
}

// One picture of train, which every picture of test is: whichever side has the
// many names, it is one picture and three examples.
TEST(VerifyLeaks, CountPicturesAndTheExamplesOfTheLaterSplit) {
  Tree tree;
  WriteMemes(tree);
  tree.Write("test_seen.jsonl", Meme(4, "img/a.png", 0) +
                                    Meme(5, "img/b.png", 0) +
                                    Meme(6, "img/c.png", 0));
  for (const char* name : {"img/a.png", "img/b.png", "img/c.png"}) {
    tree.Write(name, Png(1));
  }
  VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(Texts(report, Verdict::kWarning),
              ElementsAre("train and test_seen share 1 pictures (3 of 3 images "
                          "and 3 of 3 examples of test_seen): scores may be "
                          "too high"));
  // Train under two more names, dev with it twice under one: 2 images of
  // test_seen (one of train's name, one a copy) are still one picture.
  tree.Write("train.jsonl", Meme(1, "img/1.png", 0) + Meme(2, "img/2.png", 1) +
                                Meme(7, "img/a.png", 0) +
                                Meme(8, "img/b.png", 0));
  tree.Write("test_seen.jsonl",
             Meme(4, "img/a.png", 0) + Meme(5, "img/c.png", 0));
  tree.Write("dev_seen.jsonl",
             Meme(3, "img/c.png", 0) + Meme(9, "img/c.png", 0));
  report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(
      Texts(report, Verdict::kWarning),
      ElementsAre(
          HasSubstr("train and dev_seen share 1 pictures (1 of 1 images and 2 "
                    "of 2 examples of dev_seen)"),
          HasSubstr("train and test_seen share 1 pictures (2 of 2 images and "
                    "2 of 2 examples of test_seen)"),
          HasSubstr("dev_seen and test_seen share 1 pictures (2 of 2 images "
                    "and 2 of 2 examples of test_seen)")));
  const Json json = VerifyJson(report);
  EXPECT_EQ(json["shared"][1]["splits"], Json({"train", "test_seen"}));
  ASSERT_EQ(json["shared"][1]["pictures"].size(), 1U);
  const Json& picture = json["shared"][1]["pictures"][0];
  EXPECT_EQ(picture["train"]["images"],
            Json({"img/1.png", "img/a.png", "img/b.png"}));
  EXPECT_EQ(picture["train"]["examples"], 3);
  EXPECT_EQ(picture["test_seen"]["images"], Json({"img/a.png", "img/c.png"}));
  EXPECT_EQ(json["shared"][1]["examples"], 2);
}

// Without reading pictures only names are compared.
TEST(VerifyLeaks, QuickSeesSharedNamesAlone) {
  Tree tree;
  WriteMemes(tree);
  tree.Write("test_seen.jsonl",
             Meme(4, "img/1.png", 0) + Meme(5, "img/copy.png", 0));
  tree.Write("img/copy.png", Png(2));
  EXPECT_THAT(
      Texts(VerifyTree(tree, "hateful_memes", false), Verdict::kWarning),
      ElementsAre(HasSubstr("share 1 pictures (1 of 2 images")));
}

TEST(VerifyLeaks, TextsAreANote) {
  Tree tree;
  WriteMemes(tree);
  tree.Write("train.jsonl", Meme(1, "img/1.png", 0, "look at this") +
                                Meme(2, "img/2.png", 1, " \t"));
  // White space between words and texts without any do not count.
  tree.Write("test_seen.jsonl", Meme(4, "img/4.png", 0, " look  at\nthis ") +
                                    Meme(5, "img/4.png", 1, "look at this") +
                                    Meme(6, "img/4.png", 1, "Look at this") +
                                    Meme(7, "img/4.png", 1, "\n"));
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("train and test_seen share 1 texts (2 of 4 examples of "
                       "test_seen)"));
  EXPECT_THAT(report.shared.at(0).texts, ElementsAre("look at this"));
  EXPECT_THAT(report.shared[0].pictures, IsEmpty());
  // The same words under the same picture with another label.
  EXPECT_THAT(Texts(report, Verdict::kWarning),
              ElementsAre("test_seen: 1 times the same picture and text have "
                          "different labels (first: 4: not hateful, 5: "
                          "hateful)"));
}

TEST(VerifyLeaks, PicturesUnderSeveralNamesInsideASplit) {
  Tree tree;
  WriteMemes(tree);
  // 1 = a with another label, 2 = b = c with the same one.
  tree.Write("train.jsonl", Meme(1, "img/1.png", 0) + Meme(2, "img/2.png", 1) +
                                Meme(5, "img/a.png", 1) +
                                Meme(6, "img/b.png", 1) +
                                Meme(7, "img/c.png", 1));
  tree.Write("img/a.png", Png(1));
  tree.Write("img/b.png", Png(2));
  tree.Write("img/c.png", Png(2));
  VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(
      Texts(report, Verdict::kWarning),
      ElementsAre("train: 2 pictures stand under several names, 5 in all, 1 "
                  "with different labels (first: img/1.png = img/a.png)"));
  EXPECT_THAT(VerifyText(report), HasSubstr("Pictures under several names"));
  const Json json = VerifyJson(report);
  const Json& copied = json["splits"][2]["copied_pictures"];
  ASSERT_EQ(copied.size(), 2U);
  EXPECT_EQ(copied[0]["images"], Json({"img/1.png", "img/a.png"}));
  EXPECT_EQ(copied[0]["labels_differ"], true);
  EXPECT_EQ(copied[1]["labels_differ"], false);
  // Alike throughout: no more than a note.
  tree.Write("train.jsonl", Meme(2, "img/2.png", 1) + Meme(6, "img/b.png", 1));
  report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(Texts(report, Verdict::kWarning), IsEmpty());
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("train: 1 pictures stand under several names, 2 in all "
                       "(first: img/2.png = img/b.png)"));
}

// A film's genres are one answer; another order of the same is no other.
TEST(VerifyLeaks, GenresThatDifferForOnePoster) {
  Tree tree;
  tree.Write("split.json",
             R"({"train": ["01", "02", "03"], "dev": ["04"], "test": ["05"]})");
  const auto film = [&](const std::string& id, int shade,
                        const std::string& genres) {
    tree.Write(
        "dataset/" + id + ".json",
        R"({"genres": )" + genres + R"(, "plot": ["plot )" + id + R"("]})");
    tree.Write("dataset/" + id + ".jpeg",
               Png(static_cast<std::uint8_t>(shade)));
  };
  film("01", 1, R"(["Drama", "Comedy"])");
  film("02", 1, R"(["Comedy", "Drama"])");
  film("03", 3, R"(["Drama"])");
  film("04", 4, R"(["Drama"])");
  film("05", 5, R"(["Drama"])");
  EXPECT_THAT(Texts(VerifyTree(tree, "mm_imdb"), Verdict::kWarning), IsEmpty());
  film("02", 1, R"(["Comedy"])");
  EXPECT_THAT(Texts(VerifyTree(tree, "mm_imdb"), Verdict::kWarning),
              ElementsAre(HasSubstr("1 pictures stand under several names, 2 "
                                    "in all, 1 with different labels")));
}

// One picture has several statements: labels of two names need not agree, but
// those of one statement must.
TEST(VerifyLeaks, StatementsAboutOnePicture) {
  Tree tree;
  const auto pair = [](const std::string& id, const std::string& image,
                       const std::string& text, const std::string& gold) {
    return Json{{"pairID", id},
                {"gold_label", gold},
                {"sentence2", text},
                {"Flikr30kID", image}}
               .dump() +
           "\n";
  };
  tree.Write("snli_ve_train.jsonl",
             pair("1", "1.jpg", "a dog", "neutral") +
                 pair("2", "2.jpg", "a cat", "entailment") +
                 pair("3", "2.jpg", "a dog", "entailment"));
  tree.Write("snli_ve_dev.jsonl", pair("4", "3.jpg", "a hen", "neutral"));
  tree.Write("snli_ve_test.jsonl", pair("5", "4.jpg", "a cow", "neutral"));
  tree.Write("snli_ve_labels.jsonl", "{}");
  for (int i = 1; i <= 4; ++i) {
    tree.Write("flickr30k_images/" + std::to_string(i) + ".jpg",
               Png(static_cast<std::uint8_t>(i == 2 ? 1 : i)));
  }
  const VerifyReport report = VerifyTree(tree, "snli_ve");
  EXPECT_THAT(Texts(report, Verdict::kWarning),
              ElementsAre("train: 1 times the same picture and text have "
                          "different labels (first: 1: neutral, 3: "
                          "entailment)"));
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains(HasSubstr("1 pictures stand under several names")));
  EXPECT_EQ(report.scan.splits.size(), 3U);
}

TEST(VerifyLeaks, FilesBesideTheSplitsAreNone) {
  Tree tree;
  WriteMemes(tree);
  const std::vector<std::string> others = {"labels_original", "train_old",
                                           "test_backup", "dev_seen2", "val"};
  for (const std::string& name : others) {
    tree.Write(name + ".jsonl", Meme(1, "img/1.png", 1));
  }
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(Texts(report, Verdict::kWarning), IsEmpty());
  EXPECT_EQ(report.scan.splits.size(), 3U);
  EXPECT_THAT(report.shared, IsEmpty());
  for (const std::string& name : others) {
    EXPECT_THAT(
        Texts(report, Verdict::kNote),
        Contains("not read: " + name + ".jsonl is not a split that is known"));
    EXPECT_THAT(VerifyText(report), Not(HasSubstr("| " + name + " ")));
  }
}

TEST(VerifyLeaks, AnotherNameIsASplitWhereNoneElseServes) {
  Tree tree;
  WriteMemes(tree);
  std::filesystem::rename(tree.root() / "dev_seen.jsonl",
                          tree.root() / "val.jsonl");
  tree.Write("train_old.jsonl", Meme(3, "img/3.png", 1));
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_TRUE(report.usable());
  EXPECT_EQ(report.scan.splits.size(), 3U);
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("not read: train_old.jsonl is not a split that is "
                       "known"));
}

TEST(VerifyLeaks, KeysOfSplitJsonThatAreNoSplits) {
  Tree tree;
  tree.Write("split.json",
             R"({"train": ["1"], "dev": ["2"], "test": ["3"],
                 "train_old": ["2", "3"], "all": ["1", "2", "3"]})");
  for (const char* id : {"1", "2", "3"}) {
    tree.Write(std::string("dataset/") + id + ".json",
               std::string(R"({"genres": ["Drama"], "plot": ["film )") + id +
                   R"("]})");
    tree.Write(std::string("dataset/") + id + ".jpeg",
               Png(static_cast<std::uint8_t>(*id)));
  }
  const VerifyReport report = VerifyTree(tree, "mm_imdb");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(report.shared, IsEmpty());
  for (const char* name : {"train_old", "all"}) {
    EXPECT_THAT(Texts(report, Verdict::kNote),
                Contains("not read: " + std::string(name) +
                         " in split.json is not a split that is known"));
  }
}

}  // namespace
}  // namespace msdbench
