// `msdbench run --validate` refuses what the run itself would refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/benchmarks/cli/call.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;

TEST(RunCommand, ValidateReadsShardAndDevice) {
  EXPECT_EQ(
      Call({"run", "quick", "--validate", "--shard", "1/2", "--device", "cpu"})
          .code,
      0);
  for (const auto& [option, value] :
       {std::pair<const char*, const char*>{"--shard", "5/2"},
        {"--shard", "2"},
        {"--shard", "-1/2"},
        {"--device", "cuda:99"},
        {"--device", "tpu"}}) {
    const Outcome outcome = Call({"run", "quick", "--validate", option, value});
    EXPECT_EQ(outcome.code, 2) << value;
    EXPECT_EQ(outcome.out, "") << value;
    EXPECT_THAT(outcome.err, HasSubstr(std::string(option) + " " + value));
  }
}

}  // namespace
}  // namespace msdbench
