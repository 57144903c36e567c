#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/dataset.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void WriteSmall(const Tree& tree, const std::string& folder = "") {
  tree.Write(folder + "split.json",
             R"({"train": ["0000001", "0000002"], "dev": ["0000003"],
                 "test": ["0000004"], "extra": ["0000001"]})");
  tree.Write(folder + "dataset/0000001.json",
             R"({"title": "A", "genres": ["Short", "Drama"],
                 "plot": ["short one", "the longest \u00e9",
                          "also lengthy.."]})");
  tree.Write(folder + "dataset/0000002.json",
             R"({"genres": ["News", "Adult"], "plot": "a single plot"})");
  tree.Write(folder + "dataset/0000003.json",
             R"({"genres": ["News", "Comedy", "Comedy"], "plot": []})");
  tree.Write(folder + "dataset/0000004.json",
             R"({"genres": ["Film-Noir"], "plot": ["ab", "cd", "\u00e9"]})");
  tree.Images({folder + "dataset/0000001.jpeg", folder + "dataset/0000002.jpeg",
               folder + "dataset/0000003.jpeg",
               folder + "dataset/0000004.jpeg"});
}

TEST(MmImdb, ReadsPlotsGenresAndSplits) {
  Tree tree;
  WriteSmall(tree);
  const Dataset data = LoadDataset("mm_imdb", tree.Options());
  EXPECT_EQ(data.head, Head::kMultiLabel);
  EXPECT_THAT(data.metrics,
              ElementsAre("multilabel_micro_f1", "multilabel_macro_f1",
                          "multilabel_weighted_f1", "multilabel_samples_f1"));
  ASSERT_EQ(data.labels.size(), 23U);
  EXPECT_EQ(data.labels.front(), "Drama");
  EXPECT_EQ(data.labels.back(), "Film-Noir");
  const auto& train = data.train.examples;
  ASSERT_EQ(train.size(), 2U);
  EXPECT_EQ(train[0].id, "0000001");
  EXPECT_EQ(train[0].text, "short one");
  EXPECT_EQ(Shown(train[0].targets), "0:1000 21:1000");
  EXPECT_EQ(train[0].image, tree.root() / "dataset/0000001.jpeg");
  EXPECT_EQ(train[1].text, "a single plot");
  // All its genres are outside the labels: kept, with empty targets.
  EXPECT_THAT(train[1].targets, IsEmpty());
  EXPECT_EQ(data.dev.examples[0].text, "");
  EXPECT_EQ(Shown(data.dev.examples[0].targets), "1:1000");
  EXPECT_EQ(data.test.examples[0].text, "ab");
  EXPECT_EQ(Shown(data.test.examples[0].targets), "22:1000");
  EXPECT_THAT(
      data.notes,
      ElementsAre("train: 1 films have no genre among the labels (empty "
                  "targets)",
                  "dev: 1 films without a plot keep an empty text",
                  "genres outside the labels dropped: News 2, Adult 1 (the "
                  "authors keep 23 of the release's 27 genres and leave out "
                  "News, Adult, Talk-Show and Reality-TV, each of 64 films or "
                  "fewer)"));
}

TEST(MmImdb, TheLongestPlotWhereThatIsWanted) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.plot = Plot::kLongest;
  const Dataset data = LoadDataset("mm_imdb", options);
  // 13 characters in 14 bytes against 14 characters.
  EXPECT_EQ(data.train.examples[0].text, "also lengthy..");
  EXPECT_EQ(data.train.examples[1].text, "a single plot");
  EXPECT_EQ(data.dev.examples[0].text, "");
  // First of equally long plots.
  EXPECT_EQ(data.test.examples[0].text, "ab");
}

TEST(MmImdb, CountsCharactersNotBytes) {
  Tree tree;
  WriteSmall(tree);
  tree.Write(
      "dataset/0000001.json",
      R"({"genres": ["Drama"], "plot": ["\u00e9\u00e9\u00e9", "abcd"]})");
  auto options = tree.Options();
  options.plot = Plot::kLongest;
  const Dataset data = LoadDataset("mm_imdb", options);
  EXPECT_EQ(data.train.examples[0].text, "abcd");
}

TEST(MmImdb, TheRootMayHoldTheAuthorsFolder) {
  Tree outer;
  WriteSmall(outer, "mmimdb/");
  const Dataset data = LoadDataset("mm_imdb", outer.Options());
  EXPECT_EQ(data.train.examples[0].image,
            outer.root() / "mmimdb/dataset/0000001.jpeg");
  auto options = outer.Options();
  options.root = outer.root() / "mmimdb";
  EXPECT_EQ(LoadDataset("mm_imdb", options).fingerprint, data.fingerprint);
}

TEST(MmImdb, LabelsComeFromTheFileBesideSplitOrInTheRoot) {
  Tree tree;
  WriteSmall(tree, "mmimdb/");
  tree.Write("labels.json", R"(["Short", "News"])");
  const Dataset root = LoadDataset("mm_imdb", tree.Options());
  EXPECT_THAT(root.labels, ElementsAre("Short", "News"));
  EXPECT_EQ(Shown(root.train.examples[0].targets), "0:1000");
  tree.Write("mmimdb/labels.json", R"(["Drama"])");
  EXPECT_THAT(LoadDataset("mm_imdb", tree.Options()).labels,
              ElementsAre("Drama"));
  auto options = tree.Options();
  options.labels = {"Adult", "Drama"};
  const Dataset given = LoadDataset("mm_imdb", options);
  EXPECT_EQ(Shown(given.train.examples[0].targets), "1:1000");
  EXPECT_EQ(Shown(given.train.examples[1].targets), "0:1000");
}

TEST(MmImdb, NoGenreOfTrainAmongTheLabelsIsAnError) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.labels = {"drama", "short"};
  EXPECT_THAT(LoadError("mm_imdb", options),
              HasSubstr("no film of split train has a genre among the labels: "
                        "drama, short"));
}

TEST(MmImdb, NamesTheFileOfABadField) {
  Tree tree;
  WriteSmall(tree);
  const std::string file = "dataset/0000003.json";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"plot": "x"})", "\"genres\" is missing, expected an array of"},
      {R"({"genres": "Drama", "plot": "x"})", "\"genres\" is \"Drama\""},
      {R"({"genres": ["Drama", 3], "plot": "x"})", "\"genres\" is [\"Drama\""},
      {R"({"genres": ["Drama"], "plot": 3})",
       "\"plot\" is 3, expected a string or an array of strings"},
      {R"({"genres": ["Drama"], "plot": [3]})", "\"plot\" is [3]"},
      {"[]", "must be a JSON object"},
      {"{", "not valid JSON"},
  };
  for (const auto& [json, expected] : cases) {
    tree.Write(file, json);
    EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
                HasSubstr(tree.Path(file) + ": " + expected));
  }
  tree.Remove(file);
  EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
              HasSubstr(tree.Path(file) + ": cannot be read"));
}

TEST(MmImdb, ChecksTheSplitFile) {
  Tree tree;
  WriteSmall(tree);
  auto options = tree.Options();
  options.dev_split = "val";
  EXPECT_THAT(LoadError("mm_imdb", options),
              HasSubstr("split.json: no split \"val\", allowed: train, dev, "
                        "test, extra"));
  options.dev_split = "extra";
  EXPECT_THAT(LoadDataset("mm_imdb", options).notes,
              testing::Contains("train and extra share 1 ids"));
  tree.Write("split.json", R"({"train": [1], "dev": [], "test": []})");
  EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
              HasSubstr("\"train\" is [1], expected an array of strings"));
  tree.Write("split.json",
             R"({"train": ["../x"], "dev": ["0000003"], "test": []})");
  EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
              HasSubstr("\"train\" holds \"../x\", expected the id of a film"));
  tree.Write("split.json",
             R"({"train": ["x\u0000"], "dev": ["0000003"], "test": []})");
  EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
              HasSubstr("\"train\" holds \"x?\", expected the id of a film"));
  tree.Write("split.json",
             R"({"train": ["0000001", "0000001"], "dev": ["0000003"],
                 "test": ["0000004"]})");
  EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
              HasSubstr("split train: id \"0000001\" occurs twice"));
}

TEST(MmImdb, MissingPosterAndBadRoot) {
  Tree tree;
  WriteSmall(tree);
  tree.Remove("dataset/0000004.jpeg");
  EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
              HasSubstr("1 of 4 image files are missing under " +
                        tree.root().string() + ": dataset/0000004.jpeg"));
  tree.Remove("split.json");
  EXPECT_THAT(LoadError("mm_imdb", tree.Options()),
              testing::AllOf(HasSubstr("expected split.json and dataset/"),
                             HasSubstr("found: dataset/")));
}

}  // namespace
}  // namespace msdbench
