// Features from stores reach the splits that a suite prepares.

#include "benchmarks/visual_features.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <numeric>
#include <regex>

#include "benchmarks/prepared_data.h"
#include "benchmarks/runner.h"
#include "datasets/batch.h"
#include "datasets/features/feature_index.h"
#include "tests/benchmarks/tiny_suite.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::int64_t kTokens = 3, kWidth = 5;

// Distinct for each picture, so that a mix-up shows.
float ValueOf(const std::string& name, std::int64_t place) {
  return static_cast<float>(std::hash<std::string>{}(name) % 1000) +
         static_cast<float>(place) / 16;
}

void WriteNpy(const fs::path& file, const std::string& name) {
  std::string header = fmt::format(
      "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}",
      kTokens, kWidth);
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  bytes += header;
  for (std::int64_t i = 0; i < kTokens * kWidth; ++i) {
    const float value = ValueOf(name, i);
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  std::ofstream(file, std::ios::binary) << bytes;
}

// The tiny Hateful Memes without its pictures, but with their features, and
// with names that have more than a number.
class StoredFeaturesTest : public testing::Test {
 protected:
  StoredFeaturesTest() {
    const fs::path folder = tree_.root() / "hateful_memes";
    fs::create_directories(folder / "detectron");
    for (const auto& entry :
         fs::recursive_directory_iterator(TinyDataRoot() / "hateful_memes")) {
      if (entry.path().extension() == ".jsonl") {
        const std::string lines = std::regex_replace(
            ReadTextFile(entry.path()), std::regex("img/"), "img/meme_");
        WriteFileAtomically(folder / entry.path().filename(), lines);
      } else if (entry.path().extension() == ".png") {
        const std::string name = "meme_" + FeatureIndex::NameOf(entry.path());
        WriteNpy(folder / "detectron" / (name + ".npy"), name);
        names_.push_back(name);
      }
    }
  }

  static Json SuiteOf(const Json& features) {
    Json suite = TinySuiteJson();
    suite["datasets"] = {{{"name", "hateful_memes"}, {"teacher_gate", "warn"}}};
    suite["input"]["features"] = features;
    for (const char* learner : {"teacher", "student"}) {
      suite[learner]["model"].erase("image_channels");
    }
    return suite;
  }

  PreparedData Prepare(const Json& features) const {
    return PrepareData(ParseSuite(SuiteOf(features), "stored").datasets[0],
                       {tree_.root(), {}, tree_.root() / "cache"}, 2);
  }

  static void ExpectOwnFeatures(const EncodedSplit& split) {
    std::vector<std::int64_t> rows(split.size());
    std::iota(rows.begin(), rows.end(), 0);
    const Batch batch = Collate(split, rows);
    ASSERT_EQ(batch.images.sizes(),
              (at::IntArrayRef{split.size(), kTokens, kWidth}));
    for (std::int64_t row : rows) {
      const std::string name = FeatureIndex::NameOf(split.examples[row].image);
      const at::Tensor own = batch.images[row].flatten();
      for (std::int64_t i = 0; i < kTokens * kWidth; ++i) {
        ASSERT_EQ(own[i].item<float>(), ValueOf(name, i)) << name;
      }
    }
  }

  Tree tree_;
  std::vector<std::string> names_;
};

TEST_F(StoredFeaturesTest, ReachEveryExampleWithoutAnyPicture) {
  const PreparedData data = Prepare({{"store", "detectron"}});
  for (const EncodedSplit* split : {&data.train, &data.dev, &data.test}) {
    ExpectOwnFeatures(*split);
  }
}

// Where features lie is not what they are.
TEST_F(StoredFeaturesTest, OfOneContentHaveOneHash) {
  const fs::path folder = tree_.root() / "hateful_memes";
  PackFeatures(*OpenFeatureSource(folder / "detectron"), names_,
               folder / "packed.safetensors", {});
  PreparedData data = Prepare({{"store", "packed.safetensors"}});
  ExpectOwnFeatures(data.train);
  const std::string before = data.input_hash;
  const auto hash = [&](const fs::path& store, const PackOptions& options) {
    for (EncodedSplit* split : {&data.train, &data.dev, &data.test}) {
      split->feature_row.clear();
      split->feature_count.clear();
    }
    return PutStoredFeatures({&data.train, &data.dev, &data.test}, store,
                             tree_.root() / "cache", options)
        .hash;
  };
  PackOptions half, two;
  half.precision = FeaturePrecision::kFp16;
  two.tokens = 2;
  const std::string loose = hash(folder / "detectron", {});
  EXPECT_EQ(hash(folder / "packed.safetensors", {}), loose);
  const std::string in_half = hash(folder / "packed.safetensors", half);
  EXPECT_NE(in_half, loose);
  EXPECT_EQ(hash(folder / "detectron", half), in_half);
  EXPECT_NE(hash(folder / "detectron", two), loose);

  WriteNpy(folder / "detectron" / (names_[0] + ".npy"), "another");
  EXPECT_NE(hash(folder / "detectron", {}), loose);
  PackFeatures(*OpenFeatureSource(folder / "detectron"), names_,
               folder / "packed.safetensors", {});
  EXPECT_NE(Prepare({{"store", "packed.safetensors"}}).input_hash, before);
}

// MMF's stores of COCO have bare numbers for keys, and so has what is packed
// from them.
TEST_F(StoredFeaturesTest, MayBeFiledUnderNumbers) {
  const fs::path folder = tree_.root() / "hateful_memes/detectron";
  for (const std::string& name : names_) {
    const std::vector<std::string> numbers = NumberNames(name);
    ASSERT_FALSE(numbers.empty()) << name;
    fs::rename(folder / (name + ".npy"), folder / (numbers[0] + ".npy"));
  }
  const auto source = OpenFeatureSource(folder);
  PackFeatures(*source, source->Names(),
               tree_.root() / "hateful_memes/packed.safetensors", {});
  ExpectOwnFeatures(Prepare({{"store", "packed.safetensors"}}).train);
}

TEST_F(StoredFeaturesTest, MayBeCutToFewerTokens) {
  const fs::path folder = tree_.root() / "hateful_memes";
  PackFeatures(*OpenFeatureSource(folder / "detectron"), names_,
               folder / "packed.safetensors", {});
  for (const char* store : {"detectron", "packed.safetensors"}) {
    const PreparedData data = Prepare({{"store", store}, {"tokens", 2}});
    EXPECT_EQ(data.train.features.size(1), 2);
    const Batch batch = Collate(data.train, {4});
    const std::string name = FeatureIndex::NameOf(data.train.examples[4].image);
    EXPECT_EQ(batch.images[0][1][4].item<float>(), ValueOf(name, 9)) << store;
  }
}

TEST_F(StoredFeaturesTest, TrainAWholeSuite) {
  RunnerOptions options;
  options.places.data_root = tree_.root();
  options.out = tree_.root() / "runs";
  options.jobs = 1;
  options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  Json suite = SuiteOf({{"store", "detectron"}, {"precision", "fp16"}});
  suite["methods"] = {"kd", "msd-learned"};
  const SuiteOutcome summary = RunSuite(ParseSuite(suite, "stored"), options);
  EXPECT_EQ(summary.done, 3);
  EXPECT_EQ(summary.failed, 0);
}

TEST_F(StoredFeaturesTest, AWrongPathIsToldBeforeAnyTraining) {
  RunnerOptions options;
  options.places.data_root = tree_.root();
  options.out = tree_.root() / "runs";
  options.progress = ProgressStyle::kQuiet;
  const Suite suite = ParseSuite(SuiteOf({{"store", "nowhere"}}), "stored");
  EXPECT_THAT(ErrorOf([&] { RunSuite(suite, options); }),
              HasSubstr("nowhere: no features there"));
}

TEST_F(StoredFeaturesTest, MissingOnesAreCountedAndOneNamed) {
  const fs::path folder = tree_.root() / "hateful_memes";
  fs::remove(folder / "detectron" / (names_[3] + ".npy"));
  const std::string missing = ErrorOf([&] {
    Prepare({{"store", "detectron"}});
  });
  EXPECT_THAT(missing, HasSubstr("no features of 1 of "));
  EXPECT_THAT(missing, HasSubstr(names_[3]));
  PackFeatures(*OpenFeatureSource(folder / "detectron"), {names_[0]},
               folder / "packed.safetensors", {});
  EXPECT_THAT(ErrorOf([&] {
                Prepare({{"store", "packed.safetensors"}});
              }),
              HasSubstr("no features of "));
}

TEST_F(StoredFeaturesTest, DamagedOnesAreNotTrainedOn) {
  const fs::path folder = tree_.root() / "hateful_memes";
  const fs::path store = folder / "packed.safetensors";
  PackFeatures(*OpenFeatureSource(folder / "detectron"), names_, store, {});
  std::string bytes = ReadTextFile(store);
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof(header));
  bytes[8 + header] ^= 1;  // of the first image
  WriteFileAtomically(store, bytes);
  const std::string what = ErrorOf([&] {
    Prepare({{"store", "packed.safetensors"}});
  });
  EXPECT_THAT(what, HasSubstr("features of 1 images are not what was written"));
}

// Cut when the cache was made or when it is read: the record says so.
TEST_F(StoredFeaturesTest, WhatIsCutIsNoted) {
  const fs::path folder = tree_.root() / "hateful_memes";
  PackFeatures(*OpenFeatureSource(folder / "detectron"), names_,
               folder / "packed.safetensors", {});
  const std::string note = fmt::format(
      "features: {0} of {0} images cut to 2 tokens (the longest "
      "has 3)",
      names_.size());
  for (const char* store : {"detectron", "packed.safetensors"}) {
    for (int turn = 0; turn < 2; ++turn) {  // the second from the cache
      EXPECT_THAT(Prepare({{"store", store}, {"tokens", 2}}).dataset.notes,
                  testing::Contains(note))
          << store;
    }
    EXPECT_THAT(Prepare({{"store", store}, {"tokens", 3}}).dataset.notes,
                testing::Not(testing::Contains(HasSubstr("cut to 3"))));
  }
}

TEST_F(StoredFeaturesTest, CutTextsAreNotedSplitBySplit) {
  Json suite = SuiteOf({{"store", "detectron"}});
  suite["input"]["max_text_tokens"] = 3;  // one word
  const PreparedData data =
      PrepareData(ParseSuite(suite, "stored").datasets[0],
                  {tree_.root(), {}, tree_.root() / "cache"}, 2);
  for (const EncodedSplit* split : {&data.train, &data.dev, &data.test}) {
    EXPECT_THAT(data.dataset.notes,
                testing::Contains(fmt::format("{0}: {1} of {1} texts cut to 3 "
                                              "tokens",
                                              split->name, split->size())));
  }
}

TEST_F(StoredFeaturesTest, ImagesFoundByNumberAreNoted) {
  const fs::path folder = tree_.root() / "hateful_memes/detectron";
  for (const std::string& name : names_) {
    fs::rename(folder / (name + ".npy"),
               folder / (NumberNames(name).at(0) + ".npy"));
  }
  EXPECT_THAT(Prepare({{"store", "detectron"}}).dataset.notes,
              testing::Contains(fmt::format("features: {0} of {0} images found "
                                            "by the number in their name",
                                            names_.size())));
}

TEST_F(StoredFeaturesTest, ADamagedCacheIsPackedAnew) {
  Prepare({{"store", "detectron"}});
  int damaged = 0;
  for (const auto& entry :
       fs::directory_iterator(tree_.root() / "cache/features")) {
    const std::string whole = ReadTextFile(entry.path());
    for (const std::size_t kept : {whole.size(), whole.size() / 2}) {
      std::string bytes = whole.substr(0, kept);
      bytes[kept / 2] ^= 1;
      WriteFileAtomically(entry.path(), bytes);
      ExpectOwnFeatures(Prepare({{"store", "detectron"}}).train);
      EXPECT_EQ(ReadTextFile(entry.path()), whole);
      ++damaged;
    }
  }
  EXPECT_EQ(damaged, 2);
}

TEST_F(StoredFeaturesTest, AnEntryForTwoImagesIsToldBeforeAnyTraining) {
  const fs::path folder = tree_.root() / "hateful_memes/detectron";
  std::string lines = ReadTextFile(folder.parent_path() / "train.jsonl");
  const std::string other = "img/cat_" + NumberNames(names_[0]).at(0) + ".png";
  const std::string line =
      Json{{"id", 999999}, {"img", other}, {"label", 1}, {"text", "a"}}.dump();
  WriteFileAtomically(folder.parent_path() / "train.jsonl",
                      lines + line + "\n");
  fs::rename(folder / (names_[0] + ".npy"),
             folder / (NumberNames(names_[0]).at(0) + ".npy"));
  RunnerOptions options;
  options.places.data_root = tree_.root();
  options.out = tree_.root() / "runs";
  options.progress = ProgressStyle::kQuiet;
  const Suite suite = ParseSuite(SuiteOf({{"store", "detectron"}}), "stored");
  EXPECT_THAT(ErrorOf([&] { RunSuite(suite, options); }),
              HasSubstr("would share one entry, \"" +
                        NumberNames(names_[0]).at(0) + "\""));
  EXPECT_FALSE(fs::exists(options.out));
}

TEST_F(StoredFeaturesTest, AnEmptyNameIsNoWayToAskForPixels) {
  for (const char* key : {"store", "weights"}) {
    EXPECT_THAT(
        ErrorOf(
            [&] {
              Prepare({{key, ""}});
            },
            ExitCode::kUsage),
        HasSubstr(std::string("features/") + key + ": a name is wanted"));
  }
}

TEST(EntryNames, AreUniqueAndFoundAgain) {
  using testing::ElementsAre;
  EXPECT_THAT(EntryNames({"d/img/a.png", "d/img/b.png"}),
              ElementsAre("a", "b"));
  const std::vector<fs::path> images = {"d/train/a.png", "d/test/a.png",
                                        "d/test/a.jpg"};
  const std::vector<std::string> names = EntryNames(images);
  EXPECT_THAT(names, ElementsAre("train/a.png", "test/a.png", "test/a.jpg"));
  EXPECT_THAT(FeatureIndex(names, "store").FindAll(images).entries,
              ElementsAre(0, 1, 2));
}

TEST_F(StoredFeaturesTest, TakeOptionsOfTheirOwnOnly) {
  for (const Json& features : {Json{{"store", "x"}, {"grid", 3}},
                               Json{{"weights", "x"}, {"tokens", 3}}}) {
    EXPECT_THAT(ErrorOf([&] { Prepare(features); }, ExitCode::kUsage),
                HasSubstr("only "));
  }
}

TEST_F(StoredFeaturesTest, AreOneSourceOfTwo) {
  EXPECT_THAT(ErrorOf(
                  [&] {
                    Prepare({{"store", "detectron"}, {"weights", "resnet18"}});
                  },
                  ExitCode::kUsage),
              HasSubstr("either weights or a store"));
}

}  // namespace
}  // namespace msdbench
