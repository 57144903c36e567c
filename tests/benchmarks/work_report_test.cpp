#include "benchmarks/work_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::MatchesRegex;

class LongWorkTest : public testing::Test {
 protected:
  LongWorkTest() {
    report_.phase = [this](const std::string& line) { lines_.push_back(line); };
  }
  WorkReport report_;
  std::vector<std::string> lines_;
};

TEST_F(LongWorkTest, TellsWhatBeginsAndHowFarItIs) {
  LongWork work(report_, "decoding 8 images", 8, std::chrono::milliseconds(0));
  work(2);
  work(6);
  work(8);  // done: what comes next is told by others
  EXPECT_THAT(lines_,
              ElementsAre("decoding 8 images",
                          MatchesRegex("decoding 8 images: 25 %, .* left"),
                          MatchesRegex("decoding 8 images: 75 %, .* left")));
}

TEST_F(LongWorkTest, IsSilentBetweenTheTimes) {
  LongWork work(report_, "decoding", 1000, std::chrono::hours(1));
  for (std::size_t done = 1; done <= 1000; ++done) work(done);
  EXPECT_THAT(lines_, ElementsAre("decoding"));
}

TEST_F(LongWorkTest, NeedsNobodyToListen) {
  LongWork work({}, "decoding", 0, std::chrono::milliseconds(0));
  work(0);
}

}  // namespace
}  // namespace msdbench
