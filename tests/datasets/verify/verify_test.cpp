#include "datasets/verify/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/verify/published.h"
#include "datasets/verify/render.h"
#include "reports/json_file.h"
#include "tests/datasets/verify/verify_tree.h"

namespace msdbench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

const SplitSummary& SplitNamed(const VerifyReport& report,
                               const std::string& name) {
  for (std::size_t i = 0; i < report.splits.size(); ++i) {
    if (report.scan.splits[i].name == name) return report.splits[i];
  }
  throw std::out_of_range(name);
}

TEST(Verify, AWholeSetIsUsableThoughNotThePublishedOne) {
  Tree tree;
  WriteMemes(tree);
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(Texts(report, Verdict::kWarning), IsEmpty());
  EXPECT_THAT(Texts(report, Verdict::kNote),
              ElementsAre("not the published set: dev_seen has 1 of 500 "
                          "examples, test_seen has 1 of 1000 examples, train "
                          "has 2 of 8500 examples"));
  EXPECT_THAT(report.shared, IsEmpty());
  EXPECT_EQ(SplitNamed(report, "train").examples, 2);
  EXPECT_THAT(report.scan.splits[2].labels,
              ElementsAre(Pair("hateful", 1), Pair("not hateful", 1)));
  EXPECT_THAT(report.image_formats, ElementsAre(Pair("PNG", 4)));
}

TEST(Verify, GoesOnPastEveryFaultAndNamesIt) {
  Tree tree;
  WriteMemes(tree);
  std::string many = "{\"id\":10,\n" + Meme(1, "img/1.png", 0) +
                     Meme(2, "img/2.png", 7) + Meme(3, "../3.png", 1) +
                     "[1]\n" + Meme(1, "img/cut.png", 1) +
                     Meme(5, "img/web.png", 0) + Meme(6, "img/gone.png", 0) +
                     R"({"id":7,"id":8,"img":"img/1.png","text":"x"})";
  tree.Write("train.jsonl", many);
  tree.Write("img/cut.png", Png(9).substr(0, 40));
  tree.Write("img/web.png", std::string("RIFF\x10\0\0\0WEBPVP8 ", 16));
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_FALSE(report.usable());
  EXPECT_THAT(Texts(report, Verdict::kUnusable),
              ElementsAre("train: 5 faults in its files, 1 ids that occur "
                          "twice, 1 missing images, 2 unreadable images"));
  const auto& scanned = report.scan.splits[2];
  const std::string file = tree.Path("train.jsonl");
  ASSERT_EQ(scanned.faults.size(), 5U);
  EXPECT_THAT(scanned.faults[0], HasSubstr(file + ": line 1: not valid JSON"));
  EXPECT_THAT(scanned.faults[1], HasSubstr("line 3: \"label\" is 7"));
  EXPECT_THAT(scanned.faults[2], HasSubstr("line 4: \"img\" is \"../3.png\""));
  EXPECT_THAT(scanned.faults[3], HasSubstr("line 5: must be a JSON object"));
  EXPECT_THAT(scanned.faults[4],
              HasSubstr("line 9: key \"id\" is given twice"));
  const SplitSummary& train = SplitNamed(report, "train");
  EXPECT_EQ(train.examples, 4);
  EXPECT_THAT(train.repeated_ids, ElementsAre("1"));
  EXPECT_THAT(train.missing, ElementsAre("img/gone.png"));
  ASSERT_EQ(train.unreadable.size(), 2U);
  EXPECT_EQ(train.unreadable[0].name, "img/cut.png");
  EXPECT_THAT(train.unreadable[0].reason, HasSubstr("PNG"));
  EXPECT_EQ(train.unreadable[1].name, "img/web.png");
  EXPECT_THAT(train.unreadable[1].reason, HasSubstr("looks like WEBP"));
  EXPECT_THAT(report.image_formats,
              UnorderedElementsAre(Pair("PNG", 4), Pair("WEBP", 1)));
}

TEST(Verify, ABrokenSplitThatNoRunTakesIsAWarning) {
  Tree tree;
  WriteMemes(tree);
  tree.Write("test_unseen.jsonl", "{\n");
  std::filesystem::create_directories(tree.root() / "more.jsonl");
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(Texts(report, Verdict::kWarning),
              Contains("test_unseen: 1 faults in its files, no examples"));
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("not read: more.jsonl is not a split that is known"));
}

TEST(Verify, OnlyPhaseTwosSplitsMustBeNamed) {
  Tree tree;
  WriteMemes(tree);
  std::filesystem::rename(tree.root() / "dev_seen.jsonl",
                          tree.root() / "dev_unseen.jsonl");
  VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(Texts(report, Verdict::kWarning),
              ElementsAre(HasSubstr("no split dev_seen or dev: a suite must "
                                    "name another as dev, as in \"splits\": "
                                    "{\"dev\": \"dev_unseen\"}")));
  tree.Remove("dev_unseen.jsonl");
  report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(Texts(report, Verdict::kUnusable),
              ElementsAre("no dev split (expected: dev_seen or dev)"));
}

TEST(Verify, WithoutLabelsATestCanBePredictedButNothingElseServes) {
  Tree tree;
  WriteMemes(tree);
  const std::string bare = R"({"id":9,"img":"img/4.png","text":"x"})";
  tree.Write("test_seen.jsonl", bare);
  VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(
      Texts(report, Verdict::kNote),
      Contains("test_seen: no labels, so it can be predicted but not scored"));
  tree.Write("dev_seen.jsonl", bare);
  report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(Texts(report, Verdict::kUnusable),
              ElementsAre("dev_seen: no labels"));
  tree.Write("test_seen.jsonl", bare + "\n" + Meme(4, "img/4.png", 0));
  report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(
      Texts(report, Verdict::kUnusable),
      Contains("test_seen: 1 examples without a label among labelled ones"));
}

TEST(Verify, CountsWordsByNearestRank) {
  Tree tree;
  WriteMemes(tree);
  std::string lines, text;
  for (int words = 1; words <= 20; ++words) {
    text += " \tword\n";
    lines += Meme(words, "img/1.png", 0, text);
  }
  tree.Write("train.jsonl", lines);
  tree.Write("dev_seen.jsonl", Meme(3, "img/3.png", 1, " \n"));
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  const WordCounts& words = SplitNamed(report, "train").words;
  EXPECT_EQ(words.least, 1);
  EXPECT_THAT(words.at, ElementsAre(1, 5, 10, 15, 19, 20));
  EXPECT_EQ(words.most, 20);
  EXPECT_EQ(words.empty, 0);
  EXPECT_EQ(SplitNamed(report, "dev_seen").words.empty, 1);
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("dev_seen: 1 texts without a word"));
}

TEST(Verify, DigestsAreThoseOfSha256sum) {
  Tree tree;
  WriteMemes(tree);
  tree.Write("dev_seen.jsonl",
             "{\"id\":1,\"img\":\"img/1.png\",\"label\":0,\"text\":\"a "
             "b\"}\n");
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  ASSERT_EQ(report.files.size(), 4U);
  EXPECT_EQ(report.files[0].name, "dev_seen.jsonl");
  EXPECT_EQ(report.files[0].bytes, 50);
  EXPECT_EQ(report.files[0].sha256,
            "c0311b602fd60d2d5044cd0f5f64dd9ddd192d0f5422d735ee041fe2834965fa");
  EXPECT_EQ(report.files[3].name, "(images)");
  EXPECT_EQ(report.files[3].files, 3);
}

TEST(Verify, QuickLooksForImagesWithoutReadingThem) {
  Tree tree;
  WriteMemes(tree);
  tree.Write("img/1.png", "no picture");
  tree.Remove("img/2.png");
  const VerifyReport report = VerifyTree(tree, "hateful_memes", false);
  EXPECT_THAT(SplitNamed(report, "train").unreadable, IsEmpty());
  EXPECT_THAT(SplitNamed(report, "train").missing, ElementsAre("img/2.png"));
  EXPECT_THAT(report.image_formats, IsEmpty());
}

TEST(Verify, PackedPicturesAreSaidToBePacked) {
  Tree tree;
  WriteMemes(tree);
  tree.Remove("img");
  tree.Write("img.tar.gz", "packed");
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  EXPECT_THAT(Texts(report, Verdict::kUnusable),
              Contains("the pictures are still packed in img.tar.gz"));
  EXPECT_EQ(SplitNamed(report, "train").missing.size(), 2U);
}

TEST(Verify, FilmsThatCannotBeReadAndGenresOutsideTheLabels) {
  Tree tree;
  tree.Write("split.json",
             R"({"train": ["01", "02", "03"], "dev": ["04", "../x"],
                 "test": ["05"]})");
  const auto film = [&](const std::string& id, const std::string& json) {
    tree.Write("dataset/" + id + ".json", json);
    tree.Write("dataset/" + id + ".jpeg",
               Png(static_cast<std::uint8_t>(id[1])));
  };
  film("01", R"({"genres": ["Drama", "News", "Drama"], "plot": ["one two"]})");
  film("02", R"({"genres": ["Drama"], "plot": ["one"]})");
  film("04", R"({"genres": [], "plot": []})");
  film("05", R"({"plot": []})");
  const VerifyReport report = VerifyTree(tree, "mm_imdb");
  EXPECT_FALSE(report.usable());
  EXPECT_THAT(Texts(report, Verdict::kUnusable),
              ElementsAre("train: 1 faults in its files",
                          "dev: 1 faults in its files, no examples",
                          "test: 1 faults in its files, no examples"));
  EXPECT_THAT(report.scan.splits[0].faults,
              ElementsAre(HasSubstr("03.json: cannot be read")));
  EXPECT_THAT(report.scan.splits[1].faults,
              ElementsAre(HasSubstr("\"../x\", expected the id of a film")));
  EXPECT_THAT(report.scan.splits[2].faults,
              ElementsAre(HasSubstr("\"genres\" is missing")));
  EXPECT_THAT(report.scan.splits[0].labels,
              ElementsAre(Pair("Drama", 2), Pair("News", 1)));
  EXPECT_THAT(Texts(report, Verdict::kNote),
              Contains("outside the labels, so dropped: News 1"));
  tree.Write("split.json", "{");
  EXPECT_THAT(Texts(VerifyTree(tree, "mm_imdb"), Verdict::kUnusable),
              Contains(HasSubstr("split.json: not valid JSON")));
}

TEST(Verify, SkippedPairsAreCounted) {
  Tree tree;
  const auto pair = [](const std::string& id, const std::string& gold) {
    return Json{{"pairID", id},
                {"gold_label", gold},
                {"sentence2", "a dog"},
                {"Flikr30kID", "1.jpg"}}
               .dump() +
           "\n";
  };
  for (const char* split : {"train", "dev", "test"}) {
    tree.Write(std::string("snli_ve_") + split + ".jsonl",
               pair("1", "neutral") + pair("2", "-") + pair("3", "-") +
                   pair("vg_4", "neutral") + pair("5", "maybe"));
  }
  tree.Write("flickr30k_images/1.jpg", Png(1));
  const VerifyReport report = VerifyTree(tree, "snli_ve");
  for (const ScannedSplit& split : report.scan.splits) {
    EXPECT_THAT(split.skipped,
                UnorderedElementsAre(
                    Pair("no gold label (\"-\")", 2),
                    Pair("Visual Genome pictures (pairID \"vg_...\")", 1)));
    EXPECT_THAT(split.faults,
                ElementsAre(HasSubstr("line 5: \"gold_label\" is \"maybe\"")));
    EXPECT_THAT(split.labels, ElementsAre(Pair("neutral", 1)));
  }
}

TEST(Verify, TheFolderOfAnotherSetIsRefused) {
  Tree tree;
  tree.Write("readme.txt", "x");
  for (const char* format : {"hateful_memes", "mm_imdb", "snli_ve", "vqa_v2"}) {
    EXPECT_THAT(ErrorOf([&] { VerifyTree(tree, format); }),
                HasSubstr("not the folder of " + std::string(format)));
  }
  EXPECT_THAT(ErrorOf([&] { VerifyTree(tree, "coco"); }, ExitCode::kUsage),
              HasSubstr("allowed: hateful_memes, mm_imdb"));
}

TEST(Published, LabelsAddUpToTheExamplesOfTheirSplit) {
  std::map<std::string, std::int64_t> totals;
  for (const PublishedSplit& split : PublishedSplits()) {
    totals[split.format] += split.examples;
    if (split.labels.empty()) continue;
    std::int64_t sum = 0;
    for (const auto& [label, count] : split.labels) sum += count;
    EXPECT_EQ(sum, split.examples) << split.format << " " << split.split;
  }
  EXPECT_EQ(totals["mm_imdb"], 25959);
  EXPECT_EQ(totals["snli_ve"], 529527 + 17858 + 17901);
}

TEST(Published, ASetOfThePublishedSizesIsSaidToBeOne) {
  Tree tree;
  WriteMemes(tree);
  const auto write = [&](const std::string& split, const std::string& image,
                         int first, int not_hateful, int hateful) {
    std::string lines;
    for (int i = 0; i < not_hateful + hateful; ++i) {
      lines += Meme(first + i, image, i < hateful ? 1 : 0);
    }
    tree.Write(split + ".jsonl", lines);
  };
  write("train", "img/1.png", 0, 5481, 3019);
  write("dev_seen", "img/3.png", 10000, 253, 247);
  write("test_seen", "img/4.png", 20000, 510, 490);
  EXPECT_THAT(Texts(VerifyTree(tree, "hateful_memes"), Verdict::kNote),
              ElementsAre(HasSubstr("the sizes are those of the annotation")));
  // Phase 1's labels of the same size.
  write("train", "img/1.png", 0, 5450, 3050);
  EXPECT_THAT(Texts(VerifyTree(tree, "hateful_memes"), Verdict::kNote),
              ElementsAre("not the published set: train has other numbers of "
                          "its labels"));
}

TEST(RenderVerify, TheTextShowsTwentyAndTheJsonAll) {
  Tree tree;
  WriteMemes(tree);
  std::string lines;
  for (int i = 100; i < 125; ++i) {
    lines += Meme(i, "img/_" + std::to_string(i) + ".png", i % 2);
  }
  tree.Write("train.jsonl", lines);
  const VerifyReport report = VerifyTree(tree, "hateful_memes");
  const std::string text = VerifyText(report);
  EXPECT_THAT(text, HasSubstr("119.png"));
  EXPECT_THAT(text, Not(HasSubstr("120.png")));
  EXPECT_THAT(text, HasSubstr("5 more; --json lists all."));
  EXPECT_THAT(text, HasSubstr("- UNUSABLE: train: 25 missing images"));
  EXPECT_THAT(text, HasSubstr("hateful_memes in " + tree.root().string() +
                              ": unusable\n"));
  const Json json = ParseJson(VerifyJson(report).dump(), "json");
  EXPECT_EQ(json["usable"], false);
  EXPECT_EQ(json["splits"][2]["name"], "train");
  EXPECT_EQ(json["splits"][2]["missing_images"].size(), 25U);
  EXPECT_EQ(json["splits"][2]["missing_images"][24], "img/_124.png");
  EXPECT_EQ(json["splits"][2]["published"]["examples"], 8500);
  EXPECT_EQ(json["splits"][2]["labels"]["hateful"], 12);
  EXPECT_EQ(json["splits"][2]["words"]["p50"], 2);
  EXPECT_EQ(json["findings"][0]["verdict"], "unusable");
}

}  // namespace
}  // namespace msdbench
