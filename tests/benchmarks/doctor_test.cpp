#include "benchmarks/doctor.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <sstream>

namespace msdbench {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// A sound two-core machine; each test spoils one thing.
Measurements Healthy() {
  Measurements m;
  m.build = "optimized";
  m.libtorch = "2.7.1+cu128";
  m.libtorch_headers = "2.7.0";
  m.cores = 2;
  m.threads_start = 1;
  m.threads_set = 2;
  m.blas = {"openblas", "openmp", "0.3.21", "openblas-openmp/libblas.so.3"};
  m.bf16_hardware = true;
  m.cpu = {100, 190, 370, 180, 350, 50, 0};
  m.memory = {23.5, 20};
  m.out = {"runs", true, 70};
  m.temp = {"scratch", true, 70};
  return m;
}

Finding Find(const Measurements& m, const std::string& name) {
  for (const Finding& f : Diagnose(m)) {
    if (f.name == name) return f;
  }
  ADD_FAILURE() << "no finding named " << name;
  return {};
}

TEST(Diagnose, FindsNothingWrongWithASoundMachine) {
  const auto findings = Diagnose(Healthy());
  EXPECT_EQ(findings.size(), 14u);
  for (const Finding& f : findings) {
    EXPECT_EQ(f.verdict, Verdict::kOk) << f.name;
    EXPECT_THAT(f.mend, IsEmpty()) << f.name;
    EXPECT_FALSE(f.value.empty()) << f.name;
  }
  EXPECT_EQ(Worst(findings), Verdict::kOk);
}

TEST(Diagnose, ReferenceBlasIsSlowAndNamesThePackage) {
  Measurements m = Healthy();
  m.blas = {"reference", "serial", "", "blas/libblas.so.3.11.0"};
  m.cpu = {5.7, 5.7, 370, 5.7, 350, 5, 0};
  const Finding blas = Find(m, "BLAS");
  EXPECT_EQ(blas.verdict, Verdict::kSlow);
  EXPECT_THAT(blas.mend, HasSubstr("apt-get install libopenblas0-openmp"));
  EXPECT_EQ(Find(m, "fp32 product, 1 thread").verdict, Verdict::kSlow);
  EXPECT_EQ(Find(m, "fp32 product, 1 thread").mend, "see BLAS");
  EXPECT_EQ(Find(m, "fp32 product, 2 threads").verdict, Verdict::kSlow);
  EXPECT_EQ(Find(m, "attention").verdict, Verdict::kSlow);
  EXPECT_EQ(Worst(Diagnose(m)), Verdict::kSlow);
}

TEST(Diagnose, OtherHeadersThanTheLibraryAreAProblem) {
  Measurements m = Healthy();
  m.libtorch = "1.13.0";
  EXPECT_EQ(Find(m, "LibTorch").verdict, Verdict::kProblem);
  EXPECT_THAT(Find(m, "LibTorch").value, HasSubstr("headers of 2.7.0"));
  m.libtorch_headers = "1.1.0";
  EXPECT_EQ(Find(m, "LibTorch").verdict, Verdict::kProblem);
}

TEST(Diagnose, OpenBlasVariantMattersOnlyWithSeveralCores) {
  Measurements m = Healthy();
  m.blas.variant = "pthread";
  EXPECT_EQ(Find(m, "BLAS").verdict, Verdict::kSlow);
  m.blas.variant = "serial";
  EXPECT_EQ(Find(m, "BLAS").verdict, Verdict::kSlow);
  m.cores = 1;
  EXPECT_EQ(Find(m, "BLAS").verdict, Verdict::kOk);
}

TEST(Diagnose, OneCoreIsSlowBelowTwentyGflops) {
  Measurements m = Healthy();
  m.cpu.fp32_one = 20;
  EXPECT_EQ(Find(m, "fp32 product, 1 thread").verdict, Verdict::kOk);
  m.cpu.fp32_one = 19.9;
  EXPECT_EQ(Find(m, "fp32 product, 1 thread").verdict, Verdict::kSlow);
}

TEST(Diagnose, ThreadsMustGiveSixTenthsOfTheirCores) {
  Measurements m = Healthy();
  m.cpu.fp32_all = 121;  // 0.6 * 2 * 100 = 120
  EXPECT_EQ(Find(m, "fp32 product, 2 threads").verdict, Verdict::kOk);
  m.cpu.fp32_all = 119;
  EXPECT_EQ(Find(m, "fp32 product, 2 threads").verdict, Verdict::kSlow);
}

TEST(Diagnose, FewerThreadsThanCoresIsSlow) {
  Measurements m = Healthy();
  m.threads_set = 1;
  const Finding threads = Find(m, "threads");
  EXPECT_EQ(threads.verdict, Verdict::kSlow);
  EXPECT_THAT(threads.value, HasSubstr("1 of 2 cores"));
}

TEST(Diagnose, WrongProductsAreAProblemNotANumberToo) {
  Measurements m = Healthy();
  for (const double error :
       {0.01, std::nan(""), std::numeric_limits<double>::infinity()}) {
    m.cpu.fp32_error = error;
    EXPECT_EQ(Find(m, "fp32 product, error").verdict, Verdict::kProblem)
        << error;
  }
}

TEST(Diagnose, Bf16IsJudgedOnlyWhereTheCpuHasIt) {
  Measurements m = Healthy();
  m.cpu.bf16 = 10;
  EXPECT_EQ(Find(m, "bf16 linear layer").verdict, Verdict::kSlow);
  m.bf16_hardware = false;
  const Finding absent = Find(m, "bf16 linear layer");
  EXPECT_EQ(absent.verdict, Verdict::kOk);
  EXPECT_THAT(absent.mend, HasSubstr("fp32"));
}

TEST(Diagnose, CudaDriverWithoutCudaLibTorchIsSlow) {
  Measurements m = Healthy();
  m.nvidia_driver = true;
  EXPECT_EQ(Find(m, "CUDA").verdict, Verdict::kSlow);
  EXPECT_THAT(Find(m, "CUDA").mend, HasSubstr("docs/install.md"));
}

TEST(Diagnose, CudaDeviceIsNamedAndAFailingOneIsAProblem) {
  Measurements m = Healthy();
  m.nvidia_driver = true;
  m.cuda = {{"Card A", 80, "9.0"}, {"Card B", 80, "9.0"}};
  m.cuda_speed.bf16 = 400000;
  EXPECT_EQ(Find(m, "CUDA").verdict, Verdict::kOk);
  EXPECT_EQ(Find(m, "CUDA").value,
            "Card A, 80 GiB (1 of 2), bf16 400000.0 GFLOP/s");
  m.cuda_speed.error = "no kernel image is available";
  EXPECT_EQ(Find(m, "CUDA").verdict, Verdict::kProblem);
  EXPECT_THAT(Find(m, "CUDA").mend, HasSubstr("no kernel image is available"));
}

TEST(Diagnose, MemoryBelowTwoGibIsAProblemBelowFourSlow) {
  Measurements m = Healthy();
  m.memory.available_gib = 4;
  EXPECT_EQ(Find(m, "memory").verdict, Verdict::kOk);
  m.memory.available_gib = 3.9;
  EXPECT_EQ(Find(m, "memory").verdict, Verdict::kSlow);
  m.memory.available_gib = 1.9;
  EXPECT_EQ(Find(m, "memory").verdict, Verdict::kProblem);
}

TEST(Diagnose, FullOrReadOnlyDiskIsAProblem) {
  Measurements m = Healthy();
  m.out.free_gib = 0.5;
  m.temp.writable = false;
  EXPECT_EQ(Find(m, "disk, records").verdict, Verdict::kProblem);
  EXPECT_THAT(Find(m, "disk, records").value, HasSubstr("0.5 GiB free"));
  EXPECT_EQ(Find(m, "disk, temporary").verdict, Verdict::kProblem);
  EXPECT_EQ(Worst(Diagnose(m)), Verdict::kProblem);
}

TEST(Diagnose, EveryUnsoundFindingSaysHowToMendIt) {
  Measurements m;  // nothing measured: all figures 0
  m.cores = 4;
  m.nvidia_driver = true;
  m.cpu.fp32_one = std::nan("");
  int unsound = 0;
  for (const Finding& f : Diagnose(m)) {
    if (f.verdict == Verdict::kOk) continue;
    ++unsound;
    EXPECT_FALSE(f.mend.empty()) << f.name;
  }
  EXPECT_GE(unsound, 8);
}

TEST(FindingsText, AlignsColumnsAndPutsAdviceBelow) {
  EXPECT_EQ(FindingsText({{"BLAS", "reference", Verdict::kSlow, "mend it"},
                          {"memory", "9 GiB", Verdict::kOk, ""}}),
            "slow     BLAS    reference\n"
            "                 -> mend it\n"
            "ok       memory  9 GiB\n");
}

TEST(FindingsJson, HasVerdictFindingsAndFigures) {
  Measurements m = Healthy();
  m.temp.free_gib = 0.25;
  const Json json = FindingsJson(m, Diagnose(m));
  EXPECT_EQ(json.at("verdict"), "problem");
  EXPECT_EQ(json.at("findings").size(), Diagnose(m).size());
  const Json expected = {{"name", "threads"},
                         {"value", "2 of 2 cores (LibTorch starts with 1)"},
                         {"verdict", "ok"},
                         {"mend", ""}};
  EXPECT_EQ(json.at("findings").at(2), expected);
  EXPECT_EQ(json.at("measured").at("fp32_all_gflops"), 190);
  EXPECT_EQ(json.at("measured").at("temp_free_gib"), 0.25);
}

TEST(RunDoctor, MeasuresThisMachineAndPrintsJson) {
  std::ostringstream out;
  const ExitCode code =
      RunDoctor({testing::TempDir(), testing::TempDir()}, true, out);
  const Json json = Json::parse(out.str());
  EXPECT_EQ(code == ExitCode::kCheckFailed, json.at("verdict") == "problem");
  for (const char* key :
       {"fp32_one_gflops", "fp32_all_gflops", "bf16_gflops",
        "layer_fp32_gflops", "layer_bf16_gflops", "attention_gflops"}) {
    EXPECT_GT(json.at("measured").at(key).get<double>(), 0) << key;
  }
  EXPECT_EQ(json.at("measured").at("fp32_error"), 0);
  EXPECT_TRUE(json.at("environment").contains("blas"));
}

}  // namespace
}  // namespace msdbench
