#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "datasets/image/image.h"
#include "datasets/miniature/drawing.h"
#include "datasets/miniature/miniature.h"
#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

MiniatureOptions Small(const fs::path& out, std::uint64_t seed = 0) {
  MiniatureOptions options;
  options.out = out;
  options.seed = seed;
  options.train = 120;
  options.dev = 60;
  options.test = 60;
  options.image_size = 16;
  return options;
}

Dataset Load(const fs::path& out, const std::string& format) {
  DatasetOptions options;
  options.root = out / format;
  return LoadDataset(format, options);
}

Json Planted(const fs::path& out, const std::string& format) {
  return ReadJsonFile(out / format / "planted.json");
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::string clean;
  for (char c : text) clean += std::isalpha(c) != 0 ? c : ' ';
  std::istringstream in(clean);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// miniature.json holds the seed and would differ anyway, so each file that
// was drawn is compared by itself.
TEST(MiniaturePlanted, AnotherSeedDrawsEveryPictureAndAnnotationAnew) {
  const Tree tree;
  MakeMiniature(Small(tree.root() / "a", 0));
  MakeMiniature(Small(tree.root() / "b", 1));
  int pictures = 0, annotations = 0;
  for (const auto& entry :
       fs::recursive_directory_iterator(tree.root() / "a")) {
    const fs::path name = fs::relative(entry.path(), tree.root() / "a");
    const std::string type = name.extension();
    const bool picture = type == ".jpg" || type == ".png" || type == ".jpeg";
    const bool annotation =
        type == ".jsonl" || name.string().find("v2_") != std::string::npos;
    // Names that the seed draws need not be there.
    if ((!picture && !annotation) || !fs::exists(tree.root() / "b" / name)) {
      continue;
    }
    EXPECT_NE(ReadTextFile(entry.path()),
              ReadTextFile(tree.root() / "b" / name))
        << name;
    ++(picture ? pictures : annotations);
  }
  // A picture for two memes, one film, three statements, four questions.
  EXPECT_EQ(pictures, 240 / 2 + 240 + 240 / 3 + 240 / 4);
  EXPECT_EQ(annotations, 3 + 3 + 4);
}

TEST(MiniaturePlanted, SplitsHaveTheSizesAskedFor) {
  const Tree tree;
  MakeMiniature(Small(tree.root()));
  for (const char* format : {"hateful_memes", "mm_imdb", "snli_ve"}) {
    const Dataset dataset = Load(tree.root(), format);
    EXPECT_EQ(dataset.train.examples.size(), 120) << format;
    EXPECT_EQ(dataset.dev.examples.size(), 60) << format;
    EXPECT_EQ(dataset.test.examples.size(), 60) << format;
  }
  // VQA v2 has no dev split of its own; whole pictures are cut from train.
  const Dataset questions = Load(tree.root(), "vqa_v2");
  std::set<fs::path> train;
  for (const Example& example : questions.train.examples) {
    train.insert(example.image);
  }
  for (const Example& example : questions.dev.examples) {
    EXPECT_EQ(train.count(example.image), 0) << example.id;
  }
  EXPECT_EQ(questions.train.examples.size() + questions.dev.examples.size(),
            180);
  EXPECT_EQ(questions.test.examples.size(), 60);
}

TEST(MiniaturePlanted, SizesOutOfRangeAreRefusedBeforeAnythingIsWritten) {
  const Tree tree;
  MiniatureOptions options = Small(tree.root() / "a");
  options.train = 10;
  EXPECT_THAT(ErrorOf([&] { MakeMiniature(options); }, ExitCode::kUsage),
              testing::HasSubstr("--train 10"));
  options = Small(tree.root() / "a");
  options.image_size = 4;
  EXPECT_THAT(ErrorOf([&] { MakeMiniature(options); }, ExitCode::kUsage),
              testing::HasSubstr("--image-size 4"));
  EXPECT_FALSE(fs::exists(tree.root() / "a"));
}

TEST(MiniaturePlanted, SaysWhatInformsEachTestExample) {
  const Tree tree;
  MakeMiniature(Small(tree.root()));
  const std::set<std::string> allowed = {"text", "image", "both", "none"};
  for (const DatasetFormat& format : DatasetFormats()) {
    const Json planted = Planted(tree.root(), format.name)["informative"];
    const Dataset dataset = Load(tree.root(), format.name);
    EXPECT_EQ(planted.size(), dataset.test.examples.size()) << format.name;
    for (const Example& example : dataset.test.examples) {
      ASSERT_TRUE(planted.contains(example.id)) << format.name << example.id;
      const std::string informs = planted[example.id];
      EXPECT_EQ(allowed.count(informs), 1) << informs;
      if (format.name != "snli_ve") continue;
      const bool neutral =
          dataset.labels[example.targets[0].label] == "neutral";
      EXPECT_EQ(informs, neutral ? "text" : "both") << example.id;
    }
  }
}

// Every view's best value is a share, and both views together are best.
TEST(MiniaturePlanted, BothViewsAreBest) {
  const Tree tree;
  MakeMiniature(Small(tree.root()));
  for (const DatasetFormat& format : DatasetFormats()) {
    const Json bayes = Planted(tree.root(), format.name)["bayes"];
    for (const auto& [view, value] : bayes.items()) {
      EXPECT_GT(value.get<double>(), 0) << format.name << " " << view;
      EXPECT_LE(value.get<double>(), bayes["multimodal"].get<double>())
          << format.name << " " << view;
    }
    EXPECT_LE(bayes["multimodal"].get<double>(), 1) << format.name;
  }
}

// The colour of the most colourful pixel, as a word.
std::string ColourShown(const fs::path& file) {
  const Image image = ReadImage(file);
  int best = -1, r = 0, g = 0, b = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    const auto [low, high] =
        std::minmax_element(&image.rgb[i], &image.rgb[i] + 3);
    if (*high - *low <= best) continue;
    best = *high - *low;
    r = image.rgb[i], g = image.rgb[i + 1], b = image.rgb[i + 2];
  }
  if (r > 150 && g > 150) return "yellow";
  if (r > g && r > b) return "red";
  return g > b ? "green" : "blue";
}

std::optional<std::string> ColourNamed(const std::string& text) {
  for (const std::string& word : WordsOf(text)) {
    const auto* end = kColourWords.data() + kColourWords.size();
    if (std::find(kColourWords.data(), end, word) != end) return word;
  }
  return std::nullopt;
}

TEST(MiniaturePlanted, ThePairingTellsAMemesLabelAsOftenAsPlanted) {
  const Tree tree;
  MiniatureOptions options = Small(tree.root());
  options.test = 3000;
  MakeMiniature(options, {"hateful_memes"});
  const Dataset dataset = Load(tree.root(), "hateful_memes");
  // A score of two values has the area (sensitivity + specificity) / 2.
  std::array<int, 2> right = {}, all = {};
  for (const Example& example : dataset.test.examples) {
    const auto named = ColourNamed(example.text);
    ASSERT_TRUE(named.has_value()) << example.text;
    const int guess = *named == ColourShown(example.image) ? 1 : 0;
    const int label = example.targets[0].label;
    ++all[label];
    right[label] += static_cast<int>(guess == label);
  }
  ASSERT_GT(all[0], 500);
  EXPECT_EQ(all[0], all[1]);
  const double area = 0.5 * right[0] / all[0] + 0.5 * right[1] / all[1];
  const double planted =
      Planted(tree.root(), "hateful_memes")["bayes"]["multimodal"];
  // Four standard errors of a share near 0.9, a picture at a time.
  EXPECT_NEAR(area, planted, 4 * 0.3 / std::sqrt(all[0]));
}

TEST(MiniaturePlanted, EveryMemePictureHasBothLabelsInEverySplit) {
  const Tree tree;
  MakeMiniature(Small(tree.root()), {"hateful_memes"});
  const Dataset dataset = Load(tree.root(), "hateful_memes");
  for (const Split* split : {&dataset.train, &dataset.dev, &dataset.test}) {
    std::map<fs::path, std::vector<int>> labels;
    for (const Example& example : split->examples) {
      labels[example.image].push_back(example.targets[0].label);
    }
    EXPECT_EQ(labels.size() * 2, split->examples.size());
    for (const auto& [picture, found] : labels) {
      EXPECT_THAT(found, testing::UnorderedElementsAre(0, 1)) << picture;
    }
  }
}

// A word that most training films with it share a genre of is its cue.
TEST(MiniaturePlanted, CueWordsReachWhatPlotsArePlantedToGive) {
  const Tree tree;
  MiniatureOptions options = Small(tree.root());
  options.train = 1500;
  options.test = 800;
  MakeMiniature(options, {"mm_imdb"});
  const Dataset dataset = Load(tree.root(), "mm_imdb");
  std::map<std::string, int> films;
  std::map<std::string, std::map<int, int>> genres;
  const auto words_of = [](const Example& example) {
    const auto words = WordsOf(example.text);
    return std::set<std::string>(words.begin(), words.end());
  };
  for (const Example& example : dataset.train.examples) {
    for (const std::string& word : words_of(example)) {
      ++films[word];
      for (const LabelScore& t : example.targets) ++genres[word][t.label];
    }
  }
  int hit = 0, total = 0;
  for (const Example& example : dataset.test.examples) {
    std::set<int> guesses;
    for (const std::string& word : words_of(example)) {
      for (const auto& [genre, count] : genres[word]) {
        if (2 * count > films[word]) guesses.insert(genre);
      }
    }
    for (const LabelScore& t : example.targets) {
      hit += static_cast<int>(guesses.count(t.label));
    }
    total += static_cast<int>(guesses.size() + example.targets.size());
  }
  EXPECT_NEAR(2.0 * hit / total,
              Planted(tree.root(), "mm_imdb")["bayes"]["text"].get<double>(),
              0.02);
}

}  // namespace
}  // namespace msdbench
