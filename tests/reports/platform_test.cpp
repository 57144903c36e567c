#include "reports/platform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/gate_runs.h"

namespace msdbench {
namespace {

using ::testing::ElementsAre;

Platform With(const std::string& pointer, const Json& value) {
  Json json = GateRunJson("snli_ve", "kd", 1, 0.7);
  json[Json::json_pointer(pointer)] = value;
  return PlatformOf(GateRecord(json));
}

TEST(Platform, IsWhatDecidesExactNumbersAndNothingElse) {
  const Platform usual = PlatformOf(GateRuns("snli_ve", "kd", {0.7})[0]);
  EXPECT_EQ(With("/environment/cpu/cores", 64), usual);
  EXPECT_EQ(With("/environment/memory_gib", 64), usual);
  EXPECT_EQ(With("/environment/msdbench/revision", "fffffff"), usual);
  for (const char* pointer :
       {"/environment/cpu/model", "/environment/cpu/architecture",
        "/environment/libtorch/version", "/environment/libtorch/cpu_capability",
        "/environment/blas/name", "/environment/blas/version",
        "/environment/compiler", "/environment/msdbench/build"}) {
    EXPECT_NE(With(pointer, "another"), usual) << pointer;
  }
  EXPECT_NE(With("/environment/threads/intra_op", 2), usual);
  EXPECT_NE(With("/environment/cpu/simd", Json::array({"avx2"})), usual);
}

TEST(Platform, NamesEachPartThatDiffers) {
  const Platform usual = PlatformOf(GateRuns("snli_ve", "kd", {0.7})[0]);
  EXPECT_THAT(PlatformDifferences(usual, usual), ElementsAre());
  EXPECT_THAT(PlatformDifferences(usual, With("/environment/compiler", "X 1")),
              ElementsAre("compiler: GCC 12.2.0 -> X 1"));
  EXPECT_THAT(PlatformDifferences(
                  usual, With("/environment/cpu/simd", Json::array({"sve"}))),
              ElementsAre("simd: avx2 fma -> sve"));
}

TEST(Platform, OfAGpuIsTheGpu) {
  Json json = GateRunJson("snli_ve", "kd", 1, 0.7);
  json["config"]["device"] = "cuda";
  json["environment"]["cuda"]["devices"][0]["name"] = "Karte A";
  EXPECT_EQ(PlatformJson(PlatformOf(GateRecord(json)))["device"], "Karte A");
}

TEST(Platform, IsUnknownWhereARecordDoesNotTell) {
  const Platform platform = With("/environment", {{"cpu", "simulated"}});
  const Json json = PlatformJson(platform);
  for (const auto& [name, value] : json.items()) {
    if (name != "device") {
      EXPECT_THAT(value.get<std::string>(), testing::StartsWith("unknown"));
    }
  }
  EXPECT_EQ(ParsePlatform(json), platform);
}

}  // namespace
}  // namespace msdbench
