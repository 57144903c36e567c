#include "datasets/clipart/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "datasets/clipart/matching.h"
#include "datasets/clipart/split.h"
#include "datasets/clipart/vocabulary.h"
#include "tests/datasets/clipart/planted.h"

namespace msdbench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

class ClipartCatalogueTest : public testing::Test {
 protected:
  void SetUp() override {
    source_.folder = planted_.tree().root();
    try {
      catalogue_ = ReadClipart(source_);
    } catch (const Error& error) {
      if (error.code() == ExitCode::kRunFailed) {
        GTEST_SKIP() << "SKIPPED: " << error.what();
      }
      throw;
    }
  }

  const ClipartItem* Find(const std::string& name) const {
    for (const ClipartItem& item : catalogue_.items) {
      if (item.name == name) return &item;
    }
    return nullptr;
  }
  std::vector<std::string> LabelsOf(const std::string& name) const {
    std::vector<std::string> names;
    for (const int label : Find(name)->labels) {
      names.push_back(catalogue_.labels.at(label));
    }
    return names;
  }

  PlantedClipart planted_;
  ClipartSource source_;
  ClipartCatalogue catalogue_;
};

TEST_F(ClipartCatalogueTest, LabelsAreTheKeywordsOfMostTitles) {
  // Tools: 15, one untitled, one see-through and one that shares its title.
  // A collection counts once, whatever its size; the plural folders are the
  // singular keywords.
  EXPECT_THAT(catalogue_.labels, ElementsAre("tool", "food", "animal", "flag"));
}

TEST_F(ClipartCatalogueTest, LeavesOutAndNames) {
  const auto& dropped = catalogue_.dropped;
  EXPECT_THAT(dropped.at("no PNG of that name"), ElementsAre("tools/no_png"));
  EXPECT_THAT(dropped.at("no SVG of that name"), ElementsAre("tools/no_svg"));
  EXPECT_THAT(dropped.at("its SVG is broken"),
              ElementsAre(StartsWith("svg/tools/broken.svg:2: broken XML")));
  EXPECT_THAT(dropped.at("its PNG is broken or blank"),
              ElementsAre("png/tools/blank.png: nothing but white",
                          StartsWith("png/tools/damaged.png: damaged"),
                          StartsWith("png/tools/jpeg.png: not a PNG")));
  EXPECT_THAT(dropped.at("the same picture as another file"),
              ElementsAre("foods/copy"));
  EXPECT_THAT(dropped.at("no keyword among the labels"), ElementsAre("lonely"));
  EXPECT_THAT(dropped.at("too many pictures have this title"), SizeIs(6));
  EXPECT_EQ(dropped.size(), 7);
}

TEST_F(ClipartCatalogueTest, CopiesBecomeOneWithAllTheirKeywords) {
  ASSERT_NE(Find("animals/red"), nullptr);
  EXPECT_EQ(Find("foods/copy"), nullptr);
  EXPECT_THAT(LabelsOf("animals/red"), ElementsAre("food", "animal"));
}

TEST_F(ClipartCatalogueTest, TitlesThatNameACollectionAreNoTitles) {
  int of_collection = 0;
  for (const ClipartItem& item : catalogue_.items) {
    if (item.name.rfind("flags/series", 0) != 0) continue;
    ++of_collection;
    EXPECT_EQ(item.title, "");
    EXPECT_EQ(item.group, "a whole collection");
  }
  EXPECT_EQ(of_collection, kGroupPictures);
  EXPECT_EQ(Find("animals/owl_1")->title, "Owl");
  EXPECT_EQ(Find("tools/untitled")->title, "");
  EXPECT_EQ(Find("foods/wide")->title, "caf\xC3\xA9 & cake");
}

TEST_F(ClipartCatalogueTest, PicturesAreOnWhiteAndSmall) {
  const Image see_through =
      DecodeImage(Find("tools/see_through")->png, "see_through");
  EXPECT_THAT(see_through.rgb, ElementsAre(255, 255, 255, 138, 138, 139));
  const Image wide = DecodeImage(Find("foods/wide")->png, "wide");
  EXPECT_EQ(wide.width, 256);
  EXPECT_EQ(wide.height, 85);  // 200 * 256 / 600 = 85.3
  EXPECT_EQ(DecodeImage(Find("animals/old")->png, "old").rgb,
            PlantedImage(2).rgb);
}

TEST_F(ClipartCatalogueTest, SplitsHoldEachItemOnceAndWholeGroups) {
  const auto splits = SplitClipart(catalogue_, 3);
  std::set<std::size_t> seen;
  std::map<std::string, std::set<std::string>> splits_of;
  for (const ClipartSplit& split : splits) {
    for (const std::size_t item : split.items) {
      EXPECT_TRUE(seen.insert(item).second);
      splits_of[catalogue_.items[item].group].insert(split.name);
    }
  }
  EXPECT_EQ(seen.size(), catalogue_.items.size());
  for (const auto& [group, names] : splits_of) {
    EXPECT_EQ(names.size(), 1) << group;
  }
  // A share may be passed by what is left of one group.
  const double count = static_cast<double>(catalogue_.items.size());
  EXPECT_GE(static_cast<double>(splits[2].items.size()), 0.2 * count);
  EXPECT_LT(static_cast<double>(splits[2].items.size()),
            0.2 * count + kGroupPictures);
  EXPECT_GE(static_cast<double>(splits[1].items.size()), 0.1 * count);
  EXPECT_NE(SplitClipart(catalogue_, 4)[2].items, splits[2].items);
}

TEST_F(ClipartCatalogueTest, LimitDrawsBySeed) {
  source_.limit = 60;
  const auto names = [&](std::uint64_t seed) {
    source_.seed = seed;
    std::vector<std::string> all;
    for (const ClipartItem& item : ReadClipart(source_).items) {
      all.push_back(item.name);
    }
    return all;
  };
  EXPECT_EQ(names(1), names(1));
  EXPECT_NE(names(1), names(2));
  EXPECT_LE(names(1).size(), 60);
  source_.limit = 5;
  EXPECT_THAT(ErrorOf([&] { ReadClipart(source_); }),
              HasSubstr("too few for labels"));
}

TEST_F(ClipartCatalogueTest, TellsWhatToInstall) {
  source_.folder = planted_.tree().root() / "svg";
  const std::string what = ErrorOf([&] { ReadClipart(source_); });
  EXPECT_THAT(what, HasSubstr("no folder png/"));
  EXPECT_THAT(what,
              HasSubstr("apt-get install openclipart-png openclipart-svg"));
  source_.folder = planted_.tree().root();
  planted_.tree().Remove("png");
  planted_.tree().Write("png/a.txt", "");
  EXPECT_THAT(ErrorOf([&] { ReadClipart(source_); }),
              HasSubstr("no picture with both"));
}

ClipartItem Tagged(const std::string& group,
                   const std::vector<std::string>& keywords) {
  ClipartItem item;
  item.group = group;
  item.keywords = keywords;
  return item;
}

TEST(LabelItems, PassesOverWhatSaysTheSame) {
  std::vector<ClipartItem> items;
  for (int i = 0; i < 12; ++i) {
    // "insect" with 5 of the 6 bugs; "wings" with 3 of them and 3 others.
    std::vector<std::string> keywords = {i < 6 ? "bug" : "bird"};
    if (i < 5) keywords.push_back("insect");
    if (i >= 3 && i < 9) keywords.push_back("wings");
    if (i < 3) keywords.push_back("rare");
    items.push_back(Tagged("g" + std::to_string(i), keywords));
  }
  EXPECT_THAT(LabelItems(items), ElementsAre("bird", "bug", "wings"));
  EXPECT_THAT(items[4].labels, ElementsAre(1, 2));
  EXPECT_THAT(items[11].labels, ElementsAre(0));
}

TEST(MatchPartners, EachIsPartnerOnceAndFits) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed, "matching test");
    // Four colours; 40 % of one of them is as hard as can be expected.
    std::vector<std::size_t> items, colour;
    for (std::size_t i = 0; i < 50; ++i) {
      items.push_back(i);
      colour.push_back(i < 20 ? 0 : 1 + random.Below(3));
    }
    const Fit fit = [&](std::size_t a, std::size_t b) {
      return colour[a] != colour[b];
    };
    const std::vector<std::size_t> partner = MatchPartners(items, fit, random);
    ASSERT_EQ(partner.size(), items.size());
    EXPECT_EQ(items.size(), 50);
    std::set<std::size_t> partners(partner.begin(), partner.end());
    EXPECT_EQ(partners.size(), items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_TRUE(fit(items[i], items[partner[i]]));
    }
  }
}

TEST(MatchPartners, LeavesOutWhatFitsNobody) {
  Random random(1, "matching test");
  std::vector<std::size_t> items = {0, 1, 2, 3, 4};
  const Fit fit = [](std::size_t a, std::size_t b) {
    return a != 4 && b != 4 && a != b;
  };
  EXPECT_EQ(MatchPartners(items, fit, random).size(), 4);
  EXPECT_THAT(items, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(
      MatchPartners(
          items, [](std::size_t, std::size_t) { return false; }, random),
      IsEmpty());
  EXPECT_THAT(items, IsEmpty());
}

}  // namespace
}  // namespace msdbench
