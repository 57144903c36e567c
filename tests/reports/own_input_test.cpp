#include "reports/own_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json_file.h"
#include "reports/near_name.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(OwnInput, IsKnownUnderEveryNameItHas) {
  const TestFolder folder;
  WriteFileAtomically(folder / "in/file", "mine");
  WriteFileAtomically(folder / "other", "mine");
  fs::create_symlink("in/file", folder / "link");
  fs::create_hard_link(folder / "in/file", folder / "hard");
  fs::create_directory_symlink("in", folder / "in_link");
  for (const char* name : {"in/file", "./in/file", "in/../in/file", "in//file",
                           "link", "hard", "in_link/file"}) {
    EXPECT_THAT(ErrorOf([&] {
                  RefuseOwnInput("--out", folder / name, {folder / "in/file"});
                }),
                HasSubstr("--out " + (folder / name).string() + ": that is "))
        << name;
  }
  EXPECT_TRUE(IsSamePlace(folder / "in", folder / "in_link/."));
  RefuseOwnInput("--out", folder / "other", {folder / "in/file"});
  RefuseOwnInput("--out", folder / "in/new", {folder / "in/file", ""});
}

TEST(OwnInput, LiesInAFolderWhicheverWayItIsNamed) {
  const TestFolder folder;
  WriteFileAtomically(folder / "in/file", "mine");
  fs::create_directory_symlink("in", folder / "in_link");
  EXPECT_TRUE(LiesIn(folder / "in", folder / "in"));
  EXPECT_TRUE(LiesIn(folder / "in/new/deeper", folder / "in_link"));
  EXPECT_TRUE(LiesIn(folder / "in_link/file", folder / "in"));
  EXPECT_TRUE(LiesIn("no/such/folder/file", "./no/such"));
  EXPECT_FALSE(LiesIn(folder / "in2/file", folder / "in"));
  EXPECT_FALSE(LiesIn(folder / "in/../file", folder / "in"));
  EXPECT_FALSE(LiesIn(folder.path(), folder / "in"));
}

TEST(DidYouMean, GuessesTheNearestOfTwoEditsAtMost) {
  const std::vector<std::string> known = {"hateful_memes", "mm_imdb"};
  EXPECT_EQ(DidYouMean("hatefull_memes", known),
            " (did you mean \"hateful_memes\"?)");
  EXPECT_EQ(DidYouMean("mm_imbd", known), " (did you mean \"mm_imdb\"?)");
  EXPECT_EQ(DidYouMean("coco", known), "");
  EXPECT_EQ(DidYouMean("", known), "");
}

}  // namespace
}  // namespace msdbench
