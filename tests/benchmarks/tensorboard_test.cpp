#include "benchmarks/tensorboard.h"

#include <gtest/gtest.h>

#include <limits>

#include "reports/json_file.h"
#include "tests/benchmarks/tiny_suite.h"

namespace msdbench {
namespace {

TEST(Crc32c, EqualsPublishedValues) {
  // RFC 3720, appendix B.4, and the usual check value.
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c(""), 0u);
}

// The golden file is TensorBoard's own writer's (tests/golden/make).
TEST(GoldenTensorBoard, OurBytesAreItsBytes) {
  const auto path = FreshFolder("tensorboard_golden") / "events";
  constexpr double kTime = 1700000000.125;
  {
    EventFile file(path, kTime);
    file.Add(kTime + 1, 1, {{"loss/total", 1.5}, {"dev/accuracy", 0.25}});
    file.Add(kTime + 2, 2, {{"loss/total", -0.0078125}, {"dev/accuracy", 1}});
    file.Add(kTime + 300, 300, {{"weight/text", 3e38}, {"learning_rate", 0}});
  }
  EXPECT_EQ(
      ReadTextFile(path),
      ReadTextFile("tests/golden/tensorboard/events.out.tfevents.golden"));
}

TEST(TensorBoard, LeavesOutWhatIsNoNumber) {
  const auto folder = FreshFolder("tensorboard_nan");
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  {
    EventFile with(folder / "with", 1), without(folder / "without", 1);
    with.Add(2, 1, {{"a", kNan}, {"b", 1}});
    without.Add(2, 1, {{"b", 1}});
  }
  EXPECT_EQ(ReadTextFile(folder / "with"), ReadTextFile(folder / "without"));
}

TEST(TensorBoard, EveryRunHasAFolder) {
  const auto folder = FreshFolder("tensorboard_runs");
  TensorBoard board(folder);
  EpochReport epoch;
  epoch.epoch = 1;
  epoch.losses = {{"total", 0.5}};
  epoch.dev = {{"accuracy", 0.5, ""}};
  for (std::uint64_t seed : {1, 2}) {
    const RunName run = {"snli_ve", "kd", seed};
    board.OnEpoch(run, epoch, 2);
    epoch.text_weight = epoch.image_weight = {0.5, 0};
    board.OnEpoch(run, epoch, 2);
    board.OnRunEnd(run, {});
    const std::string bytes =
        ReadTextFile(folder / "snli_ve/kd" / ("seed-" + std::to_string(seed)) /
                     "events.out.tfevents.msdbench");
    for (const char* tag : {"brain.Event:2", "loss/total", "dev/accuracy",
                            "learning_rate", "weight/text", "weight/image"}) {
      EXPECT_NE(bytes.find(tag), std::string::npos) << tag;
    }
  }
}

TEST(TensorBoard, AFolderThatCannotBeWrittenIsAnError) {
  const auto folder = FreshFolder("tensorboard_file");
  WriteFileAtomically(folder, "a file");
  EXPECT_THROW(EventFile(folder / "events", 1), Error);
}

}  // namespace
}  // namespace msdbench
