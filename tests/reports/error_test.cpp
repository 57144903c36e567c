#include "reports/error.h"

#include <gtest/gtest.h>

namespace msdbench {
namespace {

TEST(Error, KeepsTextInAnyScript) {
  const std::string text =
      "a.json: \"caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80\"";
  EXPECT_EQ(OneLine(text), text);
  EXPECT_EQ(DataError(text).what(), text);
  EXPECT_EQ(OneLine("\xef\xbf\xbd"), "\xef\xbf\xbd");  // U+FFFD itself
}

// What is quoted from a file must not break the line or steer a terminal.
TEST(Error, ControlCharactersBecomeQuestionMarks) {
  using namespace std::string_literals;
  EXPECT_EQ(OneLine("a\nb\tc\0d\x1b[31m\x7f"s), "a?b?c?d?[31m?");
  EXPECT_EQ(OneLine("\xc2\x9b"
                    "31m"),
            "?31m");  // U+009B, also "ESC ["
  EXPECT_STREQ(UsageError("two\r\nlines").what(), "two??lines");
}

TEST(Error, BytesThatAreNotUtf8BecomeQuestionMarks) {
  EXPECT_EQ(OneLine("\xff|\xc3|\xed\xa0\x80|"), "?|?|???|");
}

}  // namespace
}  // namespace msdbench
