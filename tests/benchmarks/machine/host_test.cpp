#include "benchmarks/machine/host.h"

#include <gmock/gmock.h>

#include <fstream>

namespace msdbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Host, ReadsAnX86Processor) {
  const Processor p = ParseCpuInfo(
      "processor\t: 0\nmodel name\t: Fast CPU @ 3 GHz\n"
      "flags\t\t: fpu sse avx2 avx512f avx512_bf16\n\n"
      "processor\t: 1\nmodel name\t: Fast CPU @ 3 GHz\n"
      "flags\t\t: fpu sse avx2 avx512f avx512_bf16\n");
  EXPECT_EQ(p.model, "Fast CPU @ 3 GHz");
  EXPECT_THAT(p.simd, ElementsAre("avx2", "avx512_bf16", "avx512f"));
}

TEST(Host, ReadsAnArmProcessorThatHasNoName) {
  const Processor p = ParseCpuInfo(
      "processor\t: 0\nFeatures\t: fp asimd sve bf16\nCPU part\t: 0xd40\n");
  EXPECT_EQ(p.model, "unknown");
  EXPECT_THAT(p.simd, ElementsAre("asimd", "bf16", "sve"));
}

TEST(Host, KnowsNothingOfAnEmptyProcessorText) {
  EXPECT_EQ(ParseCpuInfo("").model, "unknown");
  EXPECT_THAT(ParseCpuInfo("").simd, IsEmpty());
}

TEST(Host, RoundsACpuQuotaUp) {
  EXPECT_EQ(ParseCpuQuota("200000 100000\n"), 2);
  EXPECT_EQ(ParseCpuQuota("150000 100000\n"), 2);
  EXPECT_EQ(ParseCpuQuota("10000 100000\n"), 1);
}

TEST(Host, TakesNoQuotaForNone) {
  EXPECT_EQ(ParseCpuQuota("max 100000\n"), 0);
  EXPECT_EQ(ParseCpuQuota(""), 0);
  EXPECT_EQ(ParseCpuQuota("100000 0\n"), 0);
}

TEST(Host, ReadsMemoryInGib) {
  const Memory m = ParseMemInfo(
      "MemTotal:       2097152 kB\nMemFree:  1 kB\n"
      "MemAvailable:   1572864 kB\n");
  EXPECT_EQ(m.total_gib, 2);
  EXPECT_EQ(m.available_gib, 1.5);
}

TEST(Host, ReadsAProcessesMemory) {
  const ProcessMemory m = ParseProcessStatus(
      "Name:\tmsdbench\nVmHWM:\t    4096 kB\nVmRSS:\t 3072 kB\n"
      "RssAnon:\t    1024 kB\nRssFile:\t 2048 kB\n");
  EXPECT_EQ(m.peak_mib, 4);
  EXPECT_EQ(m.private_mib, 1);
  EXPECT_GT(DescribeProcessMemory().peak_mib, 1);
}

TEST(Host, ReadsTheSystemsName) {
  EXPECT_EQ(ParseOsRelease("ID=x\nPRETTY_NAME=\"Some Linux 12\"\n"),
            "Some Linux 12");
  EXPECT_EQ(ParseOsRelease("PRETTY_NAME=Plain\n"), "Plain");
  EXPECT_EQ(ParseOsRelease("ID=x\n"), "unknown");
}

TEST(Host, DescribesThisMachine) {
  EXPECT_GE(UsableCores(), 1);
  EXPECT_GT(DescribeMemory().total_gib, 0);
  EXPECT_GE(DescribeMemory().total_gib, DescribeMemory().available_gib);
  EXPECT_FALSE(DescribeOperatingSystem().architecture.empty());
}

TEST(Host, MeasuresTheDiskOfAFolderThatIsNotThereYet) {
  const std::filesystem::path base(testing::TempDir());
  const Disk disk = DescribeDisk(base / "not" / "yet");
  EXPECT_EQ(disk.folder, base / "not" / "yet");
  EXPECT_TRUE(disk.writable);
  EXPECT_GT(disk.free_gib, 0);
}

TEST(Host, RefusesAFileWhereAFolderShouldBe) {
  const auto file =
      std::filesystem::path(testing::TempDir()) / "host_test_plain_file";
  std::ofstream(file) << "x";
  EXPECT_FALSE(DescribeDisk(file).writable);
  EXPECT_FALSE(DescribeDisk(file / "below").writable);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace msdbench
