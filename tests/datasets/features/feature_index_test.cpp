// Which entry of a store is an image's: by name, by path, by number, or none.

#include "datasets/features/feature_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "datasets/features/feature_source.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The entry that an image finds; "-" for none.
std::string Found(const std::vector<std::string>& entries,
                  const std::string& image) {
  const auto place = FeatureIndex(entries, "store").Find(image);
  return place ? entries[place->entry] : "-";
}

std::string AllError(const std::vector<std::string>& entries,
                     const std::vector<fs::path>& images) {
  return ErrorOf([&] { FeatureIndex(entries, "store").FindAll(images); });
}

// However a tool spells it: MMF's lmdb_conversion.py (paths below the folder of
// features), keys with endings, str() of bytes, .npy files of either.
TEST(FeatureIndex, FindsWhatToolsWrite) {
  for (const char* entry :
       {"01235", "img/01235", "train/01235", "./img/01235", "01235.png",
        "img/01235.png", "01235.JPG", "01235.npy", "01235.png.npy", "b'01235'",
        "b\"img/01235\"", "/elsewhere/features/01235.npy"}) {
    EXPECT_EQ(Found({"0", entry, "x/y"}, "data/hm/img/01235.png"), entry);
  }
  EXPECT_EQ(Found({"a.v2"}, "img/a.v2.jpg"), "a.v2");
  for (const char* other : {"11235", "01235x", "img", "01235/x", "", "b''"}) {
    EXPECT_EQ(Found({other}, "data/hm/img/01235.png"), "-") << other;
  }
}

// bottom-up-attention's and MMF's stores of COCO.
TEST(FeatureIndex, FindsNumbersWhereThereIsNoName) {
  const std::string picture = "train2014/COCO_train2014_000000458752.jpg";
  EXPECT_EQ(Found({"458752"}, picture), "458752");
  EXPECT_EQ(Found({"trainval/458752"}, picture), "trainval/458752");
  EXPECT_EQ(Found({"000000458752"}, picture), "000000458752");
  EXPECT_EQ(Found({"458752", "COCO_train2014_000000458752"}, picture),
            "COCO_train2014_000000458752");
  EXPECT_EQ(
      Found({"COCO_train2014_000000458752"}, "train2014/000000458752.jpg"),
      "COCO_train2014_000000458752");
  EXPECT_EQ(Found({"1235"}, "img/01235.png"), "1235");
  EXPECT_EQ(Found({"7"}, "img/cat_007.png"), "7");
  EXPECT_EQ(Found({"0"}, "img/000.png"), "0");
  // Zeros before a number are no part of it, but a name with zeros is a name.
  EXPECT_EQ(Found({"01235"}, "img/1235.png"), "-");
  EXPECT_EQ(Found({"cat_7"}, "img/7.png"), "-");
  EXPECT_EQ(Found({"cat_7"}, "img/dog_7.png"), "-");
  EXPECT_EQ(Found({"7"}, "img/cat_7a.png"), "-");
  // Rows of an HDF5 file have numbers of their own.
  EXPECT_EQ(Found({"12"}, "mm_imdb/multimodal_imdb.hdf5/images/00012"), "-");
}

TEST(FeatureIndex, NumbersOfAnyLengthAreRead) {
  const std::string digits(30, '9');
  EXPECT_THAT(NumberNames("x_00" + digits), ElementsAre(digits));
  EXPECT_THAT(NumberNames("COCO_train2014_000000458752"),
              ElementsAre("458752", "000000458752"));
  EXPECT_THAT(NumberNames("1235"), IsEmpty());  // a name already
  EXPECT_THAT(NumberNames("picture_7a"), IsEmpty());
  EXPECT_THAT(NumberNames("picture_"), IsEmpty());
  EXPECT_THAT(NumberNames(""), IsEmpty());
}

TEST(FeatureIndex, FoldersAndEndingsDecideBetweenNames) {
  const std::vector<std::string> folders = {"train/1", "val/1"};
  EXPECT_EQ(Found(folders, "data/train/1.jpg"), "train/1");
  EXPECT_EQ(Found(folders, "data/val/1.jpg"), "val/1");
  const std::vector<std::string> endings = {"a.jpg", "a.png"};
  EXPECT_EQ(Found(endings, "img/a.png"), "a.png");
  EXPECT_EQ(Found(endings, "img/a.jpg"), "a.jpg");
}

TEST(FeatureIndex, WhatFitsEquallyWellIsRefused) {
  const auto error = [](const std::vector<std::string>& entries,
                        const char* image) {
    return ErrorOf([&] { FeatureIndex(entries, "store").Find(image); });
  };
  EXPECT_EQ(error({"x", "train/1", "val/1"}, "img/1.jpg"),
            "store: two entries fit image 1.jpg equally well: \"train/1\" and "
            "\"val/1\"; an image's entry is wanted once");
  EXPECT_THAT(error({"a", "x/a"}, "img/a.png"), HasSubstr("\"a\" and \"x/a\""));
  EXPECT_THAT(
      error({"458752", "000000458752"}, "COCO_train2014_000000458752.jpg"),
      HasSubstr("\"458752\" and \"000000458752\""));
  EXPECT_THAT(
      error({"COCO_train2014_000000458752", "COCO_val2014_000000458752"},
            "000000458752.jpg"),
      HasSubstr("equally well"));
}

// The pictures cat_1 and dog_1 are two; a store with a 1 has features of one.
TEST(FeatureIndex, TwoImagesThatShareAnEntryAreRefused) {
  EXPECT_EQ(AllError({"1", "2"}, {"data/img/cat_1.png", "data/img/cat_2.png",
                                  "data/img/dog_1.png", "data/img/dog_2.png"}),
            "store: images cat_1.png and dog_1.png would share one entry, "
            "\"1\" (and 1 more images); each image needs its own, under its "
            "file's name");
  EXPECT_THAT(AllError({"123"}, {"train2014/COCO_train2014_000000000123.jpg",
                                 "val2014/COCO_val2014_000000000123.jpg"}),
              HasSubstr("images train2014/COCO_train2014_000000000123.jpg and "
                        "val2014/COCO_val2014_000000000123.jpg would share"));
  // One by its name, the other by its number.
  EXPECT_THAT(AllError({"123"}, {"img/123.jpg", "img/00123.jpg"}),
              HasSubstr("images 123.jpg and 00123.jpg would share"));
  EXPECT_THAT(AllError({"a"}, {"train/a.png", "test/a.png"}),
              HasSubstr("images train/a.png and test/a.png would share"));
  EXPECT_THAT(AllError({"a"}, {"img/a.png", "img/a.jpg"}),
              HasSubstr("would share one entry, \"a\""));
}

TEST(FeatureIndex, ImagesWithEntriesOfTheirOwnDoNotShare) {
  const auto all = [](const std::vector<std::string>& entries,
                      const std::vector<fs::path>& images) {
    return FeatureIndex(entries, "store").FindAll(images);
  };
  const auto named = all({"00123", "123"}, {"img/123.jpg", "img/00123.jpg"});
  EXPECT_THAT(named.entries, ElementsAre(1, 0));
  EXPECT_EQ(named.by_number, 0);
  const auto numbered = all({"2", "1"}, {"img/cat_1.png", "img/dog_2.png"});
  EXPECT_THAT(numbered.entries, ElementsAre(1, 0));
  EXPECT_EQ(numbered.by_number, 2);
  // One picture, spelt in two ways.
  EXPECT_THAT(all({"1"}, {"img/1.png", "img/./1.png"}).entries,
              ElementsAre(0, 0));
}

TEST(FeatureIndex, OneFileUnderTwoPathsMayShare) {
  const Tree tree;
  tree.Write("real/1.png", "x");
  fs::create_directory_symlink(tree.root() / "real", tree.root() / "link");
  const std::vector<fs::path> images = {tree.root() / "link/1.png",
                                        tree.root() / "real/1.png"};
  EXPECT_THAT(FeatureIndex({"1"}, "store").FindAll(images).entries,
              ElementsAre(0, 0));
}

TEST(FeatureIndex, MissingOnesAreNamedAsTheyWereLookedFor) {
  EXPECT_EQ(AllError({"x"}, {"data/vqa_v2/train2014/"
                             "COCO_train2014_000000000025.jpg",
                             "data/vqa_v2/x.jpg"}),
            "store: no features of 1 of 2 images, the first: no entry "
            "\"COCO_train2014_000000000025\" or \"25\" or \"000000000025\"");
  EXPECT_EQ(AllError({"x"}, {"img/a.png"}),
            "store: no features of 1 of 1 images, the first: no entry \"a\"");
}

TEST(NamesBelowCommonFolder, LeaveOutWhatAllShare) {
  EXPECT_THAT(NamesBelowCommonFolder({"/d/x/img/a.png", "/d/x/img/b.png"}),
              ElementsAre("a.png", "b.png"));
  EXPECT_THAT(NamesBelowCommonFolder({"/d/x/a/1.png", "/d/x/./b/1.png"}),
              ElementsAre("a/1.png", "b/1.png"));
  EXPECT_THAT(NamesBelowCommonFolder({"/d/x.png"}), ElementsAre("x.png"));
  EXPECT_THAT(NamesBelowCommonFolder({}), IsEmpty());
}

}  // namespace
}  // namespace msdbench
