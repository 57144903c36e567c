// The real pictures, texts and labels of ../shared/data through the loaders;
// the numbers are those of its README.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>
#include <string>

#include "datasets/dataset.h"
#include "datasets/verify/verify.h"

namespace msdbench {
namespace {

class SharedData : public testing::Test {
 protected:
  // Skips the test where the folder is absent.
  bool Load(const std::string& folder, const std::string& format) {
    options_.root = std::filesystem::path("../shared/data") / folder;
    if (!std::filesystem::exists(options_.root)) return false;
    data_ = LoadDataset(format, options_);
    return true;
  }
  std::vector<std::size_t> Sizes() const {
    return {data_.train.examples.size(), data_.dev.examples.size(),
            data_.test.examples.size()};
  }
  // How many examples of a split have each label.
  std::vector<int> Counts(const Split& split) const {
    std::vector<int> counts(data_.labels.size(), 0);
    for (const Example& example : split.examples) {
      for (const LabelScore& target : example.targets) {
        ++counts[static_cast<std::size_t>(target.label)];
      }
    }
    return counts;
  }

  DatasetOptions options_;
  Dataset data_;
};

using testing::Each;
using testing::ElementsAre;
using testing::Gt;

#define LOAD_OR_SKIP(folder, format) \
  if (!Load(folder, format)) GTEST_SKIP() << options_.root << " is absent"

TEST_F(SharedData, HatefulMemes) {
  LOAD_OR_SKIP("hateful_memes", "hateful_memes");
  EXPECT_THAT(Sizes(), ElementsAre(4454, 742, 2226));
  EXPECT_THAT(Counts(data_.train), ElementsAre(2227, 2227));
  EXPECT_THAT(Counts(data_.test), ElementsAre(1113, 1113));
}

TEST_F(SharedData, MmImdb) {
  LOAD_OR_SKIP("mm_imdb", "mm_imdb");
  EXPECT_THAT(Sizes(), ElementsAre(2227, 371, 1113));
  EXPECT_EQ(data_.labels.size(), 23U);
  EXPECT_EQ(data_.labels.front(), "flag");
  EXPECT_THAT(Counts(data_.train), Each(Gt(0)));
  EXPECT_TRUE(std::all_of(
      data_.train.examples.begin(), data_.train.examples.end(),
      [](const Example& example) { return !example.targets.empty(); }));
}

TEST_F(SharedData, SnliVe) {
  LOAD_OR_SKIP("snli_ve", "snli_ve");
  EXPECT_THAT(Sizes(), ElementsAre(6681, 1113, 3339));
  EXPECT_THAT(Counts(data_.train), ElementsAre(2227, 2227, 2227));
}

TEST_F(SharedData, SnliVeNlvr) {
  LOAD_OR_SKIP("snli_ve_nlvr", "snli_ve");
  EXPECT_THAT(Sizes(), ElementsAre(2367, 200, 990));
  const auto counts = Counts(data_.train);
  EXPECT_EQ(counts[1], 0);
  EXPECT_EQ(counts[0] + counts[2], 2367);
}

TEST_F(SharedData, VqaV2) {
  LOAD_OR_SKIP("vqa_v2", "vqa_v2");
  const auto sizes = Sizes();
  EXPECT_EQ(sizes[0] + sizes[1], 19210U);
  EXPECT_NEAR(static_cast<double>(sizes[1]), 1921, 6);
  EXPECT_EQ(sizes[2], 4868U);
  EXPECT_EQ(data_.labels.size(), 13U);
  // Ten equal references: one target and one credit, both 1.
  for (const Split* split : {&data_.train, &data_.dev, &data_.test}) {
    for (const Example& example : split->examples) {
      ASSERT_EQ(example.targets.size(), 1U);
      ASSERT_EQ(example.targets[0].score, 1.0F);
      ASSERT_EQ(example.credit.size(), 1U);
      ASSERT_EQ(example.credit[0].score, 1.0F);
      ASSERT_EQ(example.credit[0].label, example.targets[0].label);
    }
  }
  std::set<std::string> dev_images;
  for (const Example& example : data_.dev.examples) {
    dev_images.insert(example.image.string());
  }
  for (const Example& example : data_.train.examples) {
    ASSERT_EQ(dev_images.count(example.image.string()), 0U);
  }
}

TEST(SharedDataVerified, EveryFolderIsUsableAndNotThePublishedSet) {
  const std::filesystem::path root = "../shared/data";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << root << " is absent";
  for (const auto& [folder, format] :
       std::vector<std::pair<std::string, std::string>>{
           {"hateful_memes", "hateful_memes"},
           {"mm_imdb", "mm_imdb"},
           {"snli_ve", "snli_ve"},
           {"snli_ve_nlvr", "snli_ve"},
           {"vqa_v2", "vqa_v2"}}) {
    VerifyOptions options;
    options.format = format;
    options.root = root / folder;
    options.decode = false;
    const VerifyReport report = Verify(options);
    EXPECT_TRUE(report.usable()) << folder;
    EXPECT_TRUE(std::any_of(report.findings.begin(), report.findings.end(),
                            [](const VerifyFinding& finding) {
                              return finding.text.rfind("not the published",
                                                        0) == 0;
                            }))
        << folder;
  }
}

}  // namespace
}  // namespace msdbench
