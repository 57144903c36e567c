#include "datasets/miniature/miniature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "datasets/dataset.h"
#include "datasets/miniature/drawing.h"
#include "reports/digest.h"
#include "reports/json_file.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class MiniatureTest : public testing::Test {
 protected:
  MiniatureTest() { fs::remove_all(home_); }
  ~MiniatureTest() override { fs::remove_all(home_); }

  MiniatureOptions Options(const std::string& folder, std::uint64_t seed = 0) {
    MiniatureOptions options;
    options.out = home_ / folder;
    options.seed = seed;
    options.train = 240;
    options.dev = 60;
    options.test = 600;
    options.image_size = 16;
    return options;
  }

  Dataset Load(const std::string& format) {
    DatasetOptions options;
    options.root = home_ / "a" / format;
    return LoadDataset(format, options);
  }

  double Bayes(const std::string& format, const std::string& view) {
    return ReadJsonFile(home_ / "a" / format / "planted.json")["bayes"][view];
  }

  fs::path home_ = fs::path(testing::TempDir()) /
                   ("msdbench_miniature_" + std::to_string(getpid()));
};

// Every file's relative name and content.
std::map<std::string, std::string> Contents(const fs::path& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    contents[fs::relative(entry.path(), folder).string()] =
        Sha256OfFile(entry.path());
  }
  return contents;
}

std::string MessageOf(const MiniatureOptions& options,
                      const std::vector<std::string>& formats = {}) {
  try {
    MakeMiniature(options, formats);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  return "made";
}

TEST_F(MiniatureTest, SameOptionsSameBytes) {
  MakeMiniature(Options("a"));
  MakeMiniature(Options("b"));
  MakeMiniature(Options("c", 1));
  const auto a = Contents(home_ / "a");
  EXPECT_EQ(a, Contents(home_ / "b"));
  EXPECT_NE(a, Contents(home_ / "c"));
  MakeMiniature(Options("a"));  // leaves it alone
  EXPECT_EQ(a, Contents(home_ / "a"));
}

TEST_F(MiniatureTest, NeverTouchesWhatItDidNotMake) {
  MakeMiniature(Options("a"), {"snli_ve"});
  EXPECT_THAT(MessageOf(Options("a", 1), {"snli_ve"}),
              HasSubstr("holds a miniature data set of other options"));
  WriteFileAtomically(home_ / "mine" / "vqa_v2" / "thesis.txt", "years");
  EXPECT_THAT(MessageOf(Options("mine"), {"vqa_v2"}),
              HasSubstr("is not empty and was not made by this command"));
  EXPECT_THAT(MessageOf(Options("a"), {"imdb"}),
              HasSubstr("\"imdb\" is not one of hateful_memes, mm_imdb"));
}

TEST_F(MiniatureTest, AnInterruptedFolderIsMadeAgain) {
  MakeMiniature(Options("a"), {"snli_ve"});
  const auto whole = Contents(home_ / "a");
  fs::remove(home_ / "a" / "snli_ve" / "miniature.json");
  fs::remove(home_ / "a" / "snli_ve" / "snli_ve_test.jsonl");
  MakeMiniature(Options("a"), {"snli_ve"});
  EXPECT_EQ(Contents(home_ / "a"), whole);
}

TEST_F(MiniatureTest, TheLoadersReadItLikeTheRealSets) {
  MakeMiniature(Options("a"));
  for (const DatasetFormat& format : DatasetFormats()) {
    const Dataset dataset = Load(format.name);
    EXPECT_EQ(dataset.test.examples.size(), 600) << format.name;
    const auto trained = static_cast<std::int64_t>(
        dataset.train.examples.size() + dataset.dev.examples.size());
    EXPECT_EQ(trained, 300) << format.name;
  }
  EXPECT_EQ(Load("mm_imdb").labels.size(), 8);
  EXPECT_EQ(Load("hateful_memes").labels.size(), 2);
}

TEST_F(MiniatureTest, NeitherHalfOfAMemeTellsItsLabel) {
  MakeMiniature(Options("a"), {"hateful_memes"});
  std::map<std::string, std::pair<int, int>> by_picture, by_word;
  std::set<std::string> words(kColourWords.begin(), kColourWords.end());
  const Dataset dataset = Load("hateful_memes");
  for (const Example& example : dataset.test.examples) {
    const bool positive = example.targets[0].label == 1;
    auto& picture = by_picture[example.image.string()];
    ++(positive ? picture.first : picture.second);
    for (const std::string& word : words) {
      if ((" " + example.text + " ").find(" " + word + " ") !=
          std::string::npos) {
        auto& counts = by_word[word];
        ++(positive ? counts.first : counts.second);
      }
    }
  }
  for (const auto& [picture, counts] : by_picture) {
    EXPECT_EQ(counts, std::make_pair(1, 1)) << picture;
  }
  ASSERT_EQ(by_word.size(), words.size());
  for (const auto& [word, counts] : by_word) {
    const double n = counts.first + counts.second;
    // Four standard errors of a fair coin.
    EXPECT_NEAR(counts.first / n, 0.5, 4 * 0.5 / std::sqrt(n)) << word;
  }
}

// Accuracy on test of the commonest training label of each key.
template <typename Key>
double TableAccuracy(const Dataset& dataset, const Key& key, bool credit) {
  std::map<std::string, std::map<int, double>> table;
  for (const Example& example : dataset.train.examples) {
    for (const LabelScore& target : example.targets) {
      table[key(example)][target.label] += target.score;
    }
  }
  double sum = 0;
  for (const Example& example : dataset.test.examples) {
    const auto& row = table[key(example)];
    const auto best = std::max_element(
        row.begin(), row.end(),
        [](const auto& a, const auto& b) { return a.second < b.second; });
    if (best == row.end()) continue;
    for (const LabelScore& entry : credit ? example.credit : example.targets) {
      if (entry.label == best->first) sum += entry.score;
    }
  }
  return sum / static_cast<double>(dataset.test.examples.size());
}

TEST_F(MiniatureTest, WordsDecideNeutralAndNothingElse) {
  MakeMiniature(Options("a"), {"snli_ve"});
  // Statements about the picture name a colour or shape; neutral ones do not.
  const auto names_what_is_shown = [](const Example& example) {
    for (const char* word : kColourWords) {
      if (example.text.find(word) != std::string::npos) return "shown";
    }
    for (const char* word : kShapeWords) {
      if (example.text.find(word) != std::string::npos) return "shown";
    }
    return "unseen";
  };
  const Dataset dataset = Load("snli_ve");
  for (const Example& example : dataset.test.examples) {
    const bool neutral = dataset.labels[example.targets[0].label] == "neutral";
    EXPECT_EQ(neutral, std::string(names_what_is_shown(example)) == "unseen");
  }
  EXPECT_NEAR(TableAccuracy(dataset, names_what_is_shown, false),
              Bayes("snli_ve", "text"), 1e-9);
}

TEST_F(MiniatureTest, QuestionsHavePriors) {
  MiniatureOptions options = Options("a");
  options.train = 2000;  // enough for each kind's commonest answer to be first
  MakeMiniature(options, {"vqa_v2"});
  const auto kind = [](const Example& example) {
    // "What col", "What sha", "How many"; "Is there" with the shape it names.
    const std::string start = example.text.substr(0, 8);
    return start == "Is there"
               ? example.text.substr(example.text.find_last_of(' '))
               : start;
  };
  const double by_table = TableAccuracy(Load("vqa_v2"), kind, true);
  EXPECT_NEAR(by_table, Bayes("vqa_v2", "text"), 1e-6);
  EXPECT_GT(Bayes("vqa_v2", "multimodal"), by_table + 0.2);
}

}  // namespace
}  // namespace msdbench
