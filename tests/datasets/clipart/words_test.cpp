#include "datasets/clipart/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CleanTitle, BecomesWords) {
  EXPECT_EQ(CleanTitle("  Grey\n  Owl "), "Grey Owl");
  EXPECT_EQ(CleanTitle("Switch_Cisco_3750_2"), "Switch Cisco 3750");
  EXPECT_EQ(CleanTitle("PointingHand2"), "Pointing Hand");
  EXPECT_EQ(CleanTitle("large_braces.svg"), "large braces");
  EXPECT_EQ(CleanTitle("BlueMan#208"), "Blue Man");
  EXPECT_EQ(CleanTitle("Clipart by Nicu Buculei - pear"), "pear");
  EXPECT_EQ(CleanTitle("M\xC3\xBCnze"), "M\xC3\xBCnze");
  EXPECT_EQ(CleanTitle("4 Stagioni"), "4 Stagioni");
}

TEST(CleanTitle, IsEmptyForWhatIsNoTitle) {
  for (const char* title :
       {"", " ", "g8", "1234", "--", "Untitled", "UNTITLED_2", "no title",
        "see http://example.org/a", "me@example.org", ".svg"}) {
    EXPECT_EQ(CleanTitle(title), "") << title;
  }
  EXPECT_EQ(CleanTitle(std::string(101, 'a')), "");
  EXPECT_EQ(CleanTitle(std::string(100, 'a')), std::string(100, 'a'));
}

TEST(TitleKey, JoinsCaseAndSpace) {
  EXPECT_EQ(TitleKey("GREY  Owl"), TitleKey("grey owl"));
  EXPECT_EQ(TitleKey("\xC3\x89t\xC3\xA9"), TitleKey("\xC3\xA9t\xC3\xA9"));
  EXPECT_NE(TitleKey("grey owl"), TitleKey("greyowl"));
}

TEST(CleanKeywords, JoinsTheFilesAndTheFolders) {
  SvgMetadata metadata;
  metadata.keywords = {
      "Bird", "night_bird", "bird ", "A. Painter", "HASH(0x8a0cf54)",
      "hash", "clip art",   "ox",    "Icon"};
  metadata.creator = "a. painter";
  EXPECT_THAT(CleanKeywords(metadata, "animals/big_birds/owl"),
              ElementsAre("animals", "big birds", "bird", "night bird"));
  EXPECT_THAT(CleanKeywords({}, "unsorted/owl"), IsEmpty());
  EXPECT_THAT(CleanKeywords({}, "owl"), IsEmpty());
}

}  // namespace
}  // namespace msdbench
