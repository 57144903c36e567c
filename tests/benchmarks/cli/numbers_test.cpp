#include "benchmarks/cli/numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/error.h"

namespace msdbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(WholeNumber, OnlyPlainDecimalDigitsUpTo2To53) {
  EXPECT_EQ(ParseWholeNumber("0"), 0);
  EXPECT_EQ(ParseWholeNumber("10"), 10);
  EXPECT_EQ(ParseWholeNumber("9007199254740991"), 9007199254740991);
  for (const char* text :
       {"", "00", "010", "0x10", "+1", "-1", "-0", " 1", "1 ", "1.0", "1e3",
        "1'000", "1_000", "9007199254740992", "18446744073709551617", "one",
        "\u0661"}) {
    EXPECT_EQ(ParseWholeNumber(text), std::nullopt) << text;
  }
}

TEST(WholeNumber, TheRangeIsTold) {
  const CLI::Validator validator = WholeNumber(1, 8);
  std::string text = "8";
  EXPECT_EQ(validator(text), "");
  for (std::string other : {"0", "9", "010", "2.0", ""}) {
    EXPECT_EQ(validator(other),
              "a whole number from 1 to 8 is wanted, got \"" + other + "\"");
  }
}

TEST(DecimalNumber, NoNanNoHexadecimalNoRest) {
  const CLI::Validator validator = DecimalNumber(0, 100);
  for (std::string text : {"0", "0.5", "1e2", "100"}) {
    EXPECT_EQ(validator(text), "") << text;
  }
  for (std::string text :
       {"nan", "inf", "0x10", "", "1,5", "-1", "101", "1e400", "5%", "e"}) {
    EXPECT_EQ(validator(text),
              "a number from 0 to 100 is wanted, got \"" + text + "\"");
  }
}

TEST(Seeds, AreReadFromListsAndRefusedOtherwise) {
  EXPECT_THAT(ParseSeeds("--seeds", {"3", "1,9007199254740991"}),
              ElementsAre(3U, 1U, 9007199254740991U));
  EXPECT_TRUE(ParseSeeds("--seeds", {}).empty());
  const auto message = [](const std::vector<std::string>& lists) {
    try {
      ParseSeeds("--seeds", lists);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage);
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  for (const char* list :
       {"", ",", "1,", ",1", "1,,2", "01", "-1", "1.0", "1e3", "0x1",
        "9007199254740992", "18446744073709551616", "1;2", "1, 2"}) {
    EXPECT_THAT(message({list}),
                HasSubstr("whole numbers from 0 to 9007199254740991"))
        << list;
  }
  EXPECT_EQ(message({"1,2,1"}), "--seeds 1,2,1: 1 stands twice");
  EXPECT_THAT(message({"1", "1"}), HasSubstr("1 stands twice"));
}

}  // namespace
}  // namespace msdbench
