#include "datasets/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/fingerprint.h"
#include "reports/digest.h"
#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void WriteMemes(const Tree& tree, const std::string& folder = "") {
  std::string lines;
  for (int i = 0; i < 20; ++i) {
    lines += "{\"id\":" + std::to_string(i) + ",\"img\":\"img/" +
             std::to_string(i / 2) + ".png\",\"label\":0,\"text\":\"x\"}\n";
    tree.Images({folder + "img/" + std::to_string(i / 2) + ".png"});
  }
  for (const char* split : {"train", "dev_seen", "test_seen"}) {
    tree.Write(folder + split + ".jsonl", lines);
  }
}

TEST(LoadDataset, KnowsFourFormats) {
  std::vector<std::string> names;
  for (const DatasetFormat& format : DatasetFormats()) {
    names.push_back(format.name);
    EXPECT_FALSE(format.summary.empty());
  }
  EXPECT_THAT(names,
              ElementsAre("hateful_memes", "mm_imdb", "snli_ve", "vqa_v2"));
}

TEST(LoadDataset, RefusesUnknownFormatsAndOptions) {
  Tree tree;
  WriteMemes(tree);
  EXPECT_THAT(LoadError("imdb", tree.Options(), ExitCode::kUsage),
              HasSubstr("\"imdb\", allowed: hateful_memes, mm_imdb, snli_ve, "
                        "vqa_v2"));
  EXPECT_THAT(LoadError("mm_imdb", {}, ExitCode::kUsage),
              HasSubstr("no root folder"));
  auto options = tree.Options();
  options.limit = {{"val", 3}};
  EXPECT_THAT(LoadError("hateful_memes", options, ExitCode::kUsage),
              HasSubstr("unknown split \"val\", allowed: train, dev, test"));
  options.limit = {{"dev", -3}};
  EXPECT_THAT(LoadError("hateful_memes", options, ExitCode::kUsage),
              HasSubstr("dev is -3"));
}

TEST(LoadDataset, LimitsSplitsInWholeImages) {
  Tree tree;
  WriteMemes(tree);
  auto options = tree.Options();
  options.limit = {{"train", 6}, {"test", 0}};
  const Dataset data = LoadDataset("hateful_memes", options);
  ASSERT_EQ(data.train.examples.size(), 6U);
  for (std::size_t i = 0; i < 6; i += 2) {
    EXPECT_EQ(data.train.examples[i].image, data.train.examples[i + 1].image);
  }
  EXPECT_EQ(data.dev.examples.size(), 20U);
  EXPECT_EQ(data.test.examples.size(), 20U);
  EXPECT_THAT(data.notes,
              testing::Contains("train: 6 of 20 examples kept (limit)"));
  EXPECT_EQ(data.fingerprint,
            LoadDataset("hateful_memes", tree.Options()).fingerprint);
}

TEST(DatasetFingerprint, DependsOnTheFilesAndNotOnTheirPlace) {
  Tree tree;
  WriteMemes(tree, "one/");
  WriteMemes(tree, "two/deeper/");
  const auto of = [&](const std::string& root) {
    auto options = tree.Options();
    options.root = tree.root() / root;
    return LoadDataset("hateful_memes", options).fingerprint;
  };
  const std::string original = of("one");
  EXPECT_EQ(original.size(), 64U);
  EXPECT_EQ(of("two/deeper"), original);
  EXPECT_EQ(of("two/deeper/"), original);
  EXPECT_EQ(of("two/../one"), original);
  // A file of nobody's concern.
  tree.Write("one/notes.txt", "x");
  EXPECT_EQ(of("one"), original);
  // An image of other bytes, as many as before.
  std::string image = ReadTextFile(tree.root() / "one/img/3.png");
  image.back() ^= 1;
  tree.Write("one/img/3.png", image);
  EXPECT_NE(of("one"), original);
  // One byte of an annotation, even a blank.
  WriteMemes(tree, "one/");
  EXPECT_EQ(of("one"), original);
  std::ofstream(tree.root() / "one/dev_seen.jsonl", std::ios::app) << " ";
  EXPECT_NE(of("one"), original);
  // Other label names.
  tree.Write("two/deeper/labels.json", R"(["a", "b"])");
  EXPECT_NE(of("two/deeper"), original);
}

TEST(DatasetFingerprint, IgnoresTheOrderOfAddingButNoBoundary) {
  const auto of = [](std::vector<std::pair<std::string, std::string>> files,
                     const std::vector<std::string>& images,
                     const std::vector<std::string>& labels) {
    Fingerprint fingerprint;
    for (const auto& [name, text] : files) {
      fingerprint.AddAnnotations(name, text);
    }
    for (const std::string& image : images) {
      fingerprint.AddImage(image, Sha256OfText("picture"));
    }
    return fingerprint.Hex(labels);
  };
  const std::string base = of({{"a", "x"}, {"b", "y"}}, {"1", "2"}, {"l", "m"});
  EXPECT_EQ(of({{"b", "y"}, {"a", "x"}}, {"2", "1"}, {"l", "m"}), base);
  EXPECT_NE(of({{"a", "y"}, {"b", "x"}}, {"1", "2"}, {"l", "m"}), base);
  EXPECT_NE(of({{"a", "x"}, {"b", "y"}}, {"12"}, {"l", "m"}), base);
  EXPECT_NE(of({{"a", "x"}, {"b", "y"}}, {"1", "2"}, {"m", "l"}), base);
  EXPECT_NE(of({{"a", "x"}, {"b", "y"}}, {"1", "2"}, {"lm"}), base);
}

}  // namespace
}  // namespace msdbench
