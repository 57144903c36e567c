#include "datasets/clipart/clipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "datasets/dataset.h"
#include "datasets/verify/verify.h"
#include "reports/digest.h"
#include "reports/json_file.h"
#include "tests/datasets/clipart/planted.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ClipartTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      MakeClipart(Options("a"));
    } catch (const Error& error) {
      if (error.code() == ExitCode::kRunFailed) {
        GTEST_SKIP() << "SKIPPED: " << error.what();
      }
      throw;
    }
  }

  ClipartOptions Options(const std::string& folder, std::uint64_t seed = 0) {
    ClipartOptions options;
    options.source = planted_.tree().root();
    options.out = planted_.tree().root() / "out" / folder;
    options.seed = seed;
    return options;
  }
  fs::path Root(const std::string& format) { return Options("a").out / format; }
  Dataset Load(const std::string& format) {
    DatasetOptions options;
    options.root = Root(format);
    return LoadDataset(format, options);
  }
  std::string MessageOf(const ClipartOptions& options,
                        const std::vector<std::string>& formats = {},
                        ExitCode code = ExitCode::kUsage) {
    return ErrorOf([&] { MakeClipart(options, formats); }, code);
  }

  PlantedClipart planted_;
};

std::map<std::string, std::string> Contents(const fs::path& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    contents[fs::relative(entry.path(), folder).string()] =
        Sha256OfFile(entry.path());
  }
  return contents;
}

std::string LabelOf(const Dataset& dataset, const Example& example) {
  return dataset.labels.at(example.targets.at(0).label);
}

TEST_F(ClipartTest, SameOptionsSameBytes) {
  MakeClipart(Options("b"));
  MakeClipart(Options("c", 1));
  const auto a = Contents(Options("a").out);
  EXPECT_EQ(a, Contents(Options("b").out));
  EXPECT_NE(a.at("hateful_memes/test_seen.jsonl"),
            Contents(Options("c").out).at("hateful_memes/test_seen.jsonl"));
  MakeClipart(Options("a"));  // leaves it alone
  EXPECT_EQ(a, Contents(Options("a").out));
  // A format alone is the same as among others.
  MakeClipart(Options("d"), {"snli_ve"});
  EXPECT_EQ(Contents(Options("d").out / "snli_ve"), Contents(Root("snli_ve")));
}

// The content of these folders may only change with a new generator version.
TEST_F(ClipartTest, TheBytesAreThoseOfThisVersion) {
  const auto digest = [&](const std::string& file) {
    return Sha256OfFile(Options("a").out / file).substr(0, 16);
  };
  EXPECT_EQ(digest("hateful_memes/train.jsonl"), "84d2769485b73855");
  EXPECT_EQ(digest("mm_imdb/split.json"), "b721790c7faf52f0");
  EXPECT_EQ(digest("snli_ve/snli_ve_test.jsonl"), "8786be64f6d01aae");
}

TEST_F(ClipartTest, VerifyFindsNothingWrongAndNoSharedPictures) {
  for (const std::string& format : ClipartFormats()) {
    VerifyOptions options;
    options.format = format;
    options.root = Root(format);
    options.threads = 2;
    const VerifyReport report = Verify(options);
    EXPECT_TRUE(report.usable()) << format;
    for (const SharedItems& shared : report.shared) {  // of texts
      EXPECT_THAT(shared.ids, IsEmpty()) << format;
      EXPECT_THAT(shared.pictures, IsEmpty()) << format;
    }
    for (const VerifyFinding& finding : report.findings) {
      EXPECT_EQ(finding.verdict, Verdict::kNote)
          << format << ": " << finding.text;
    }
  }
}

TEST_F(ClipartTest, NeitherPictureNorTitleTellsTheLabel) {
  const Dataset dataset = Load("hateful_memes");
  for (const Split* split : {&dataset.train, &dataset.dev, &dataset.test}) {
    std::map<std::string, std::pair<int, int>> by_picture, by_title;
    EXPECT_THAT(split->examples.size(), Gt(4U));
    for (const Example& example : split->examples) {
      const bool wrong = example.targets[0].label == 1;
      for (auto* counts :
           {&by_picture[example.image.string()], &by_title[example.text]}) {
        ++(wrong ? counts->first : counts->second);
      }
    }
    for (const auto& [picture, counts] : by_picture) {
      EXPECT_EQ(counts, std::make_pair(1, 1)) << picture;
    }
    for (const auto& [title, counts] : by_title) {
      EXPECT_EQ(counts.first, counts.second) << title;
    }
  }
}

// Most planted titles end in "SUBJECT piece", and the shade tells the number.
TEST_F(ClipartTest, WrongTitlesAreOfOtherSubjects) {
  const Dataset dataset = Load("hateful_memes");
  const auto subject = [](const std::string& title) {
    const std::size_t end = title.rfind(" piece");
    if (end == title.npos) return std::string();
    const std::size_t start = title.find(' ') + 1;
    return title.substr(start, end - start);
  };
  std::map<std::string, std::map<int, std::string>> titles;
  for (const Example& example : dataset.train.examples) {
    titles[example.image.string()][example.targets[0].label] = example.text;
  }
  int compared = 0;
  for (const auto& [picture, by_label] : titles) {
    const std::string own = subject(by_label.at(0));
    const std::string wrong = subject(by_label.at(1));
    if (own.empty() || wrong.empty()) continue;
    EXPECT_NE(own, wrong) << by_label.at(0) << " | " << by_label.at(1);
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

TEST_F(ClipartTest, FilmsHaveTheirTitlesAndKeywords) {
  const Dataset dataset = Load("mm_imdb");
  EXPECT_THAT(dataset.labels, ElementsAre("tool", "food", "animal", "flag"));
  int found = 0;
  for (const Split* split : {&dataset.train, &dataset.dev, &dataset.test}) {
    for (const Example& example : split->examples) {
      EXPECT_THAT(example.targets, testing::Not(IsEmpty()));
      if (example.text != "red animal piece") continue;
      // It has a copy that is a food.
      ++found;
      EXPECT_EQ(Shown(example.targets), "1:1000 2:1000");
      const Image image = ReadImage(example.image);
      EXPECT_EQ(image.width, 12);
      EXPECT_NEAR(image.rgb.back(), 90, 12);  // a JPEG
    }
  }
  EXPECT_EQ(found, 1);
}

TEST_F(ClipartTest, StatementsAreEntailedAndContradictedEquallyOften) {
  const Dataset dataset = Load("snli_ve");
  for (const Split* split : {&dataset.train, &dataset.dev, &dataset.test}) {
    std::map<std::string, std::map<std::string, int>> by_text;
    std::map<std::string, std::set<std::string>> by_picture;
    for (const Example& example : split->examples) {
      ++by_text[example.text][LabelOf(dataset, example)];
      by_picture[example.image.string()].insert(LabelOf(dataset, example));
    }
    for (const auto& [text, counts] : by_text) {
      if (counts.count("neutral") > 0) {
        EXPECT_EQ(counts.size(), 1) << text;
      } else {
        EXPECT_EQ(counts.at("entailment"), counts.at("contradiction")) << text;
      }
    }
    for (const auto& [picture, labels] : by_picture) {
      EXPECT_EQ(labels.size(), 3) << picture;
    }
  }
}

TEST_F(ClipartTest, AboutNamesTheRuleAndWhatWasLeftOut) {
  const Json about = ReadJsonFile(Root("mm_imdb") / "about.json");
  EXPECT_THAT(about["rule"].get<std::string>(), HasSubstr("keywords"));
  EXPECT_EQ(about["left_out"]["no PNG of that name"]["count"], 1);
  EXPECT_EQ(about["left_out"]["no PNG of that name"]["files"][0],
            "tools/no_png");
}

TEST_F(ClipartTest, NeverTouchesWhatItDidNotMake) {
  EXPECT_THAT(MessageOf(Options("a", 1), {"snli_ve"}),
              HasSubstr("holds an Open Clip Art data set of other options"));
  WriteFileAtomically(Options("mine").out / "mm_imdb" / "thesis.txt", "years");
  EXPECT_THAT(MessageOf(Options("mine"), {"mm_imdb"}),
              HasSubstr("is not empty and was not made by this command"));
  EXPECT_THAT(MessageOf(Options("e"), {"vqa_v2"}),
              HasSubstr("\"vqa_v2\" is not one of hateful_memes, mm_imdb"));
  ClipartOptions options = Options("e");
  options.limit = -1;
  EXPECT_THAT(MessageOf(options), HasSubstr("--limit -1"));
  options = Options("e");
  options.source /= "nowhere";
  EXPECT_THAT(MessageOf(options, {}, ExitCode::kData),
              HasSubstr("apt-get install"));
  EXPECT_FALSE(fs::exists(options.out));
}

TEST_F(ClipartTest, AnInterruptedFolderIsMadeAgain) {
  const auto whole = Contents(Root("mm_imdb"));
  fs::remove(Root("mm_imdb") / "openclipart.json");
  fs::remove(Root("mm_imdb") / "split.json");
  MakeClipart(Options("a"));
  EXPECT_EQ(Contents(Root("mm_imdb")), whole);
}

}  // namespace
}  // namespace msdbench
