#include "benchmarks/machine/blas_library.h"

#include <gtest/gtest.h>

#include <string>

namespace msdbench {
namespace {

std::string Map(const std::string& file) {
  return "7f0000000000-7f0000001000 r-xp 00000000 fe:00 148  " + file + "\n";
}

struct Case {
  const char* file;
  const char* name;
  const char* variant;
  const char* shown;
};

class ClassifyBlasFile : public testing::TestWithParam<Case> {};

TEST_P(ClassifyBlasFile, IsTold) {
  const Case& c = GetParam();
  const BlasLibrary blas =
      ClassifyBlas(Map("/usr/lib/libc.so.6") + Map(c.file) +
                   "7f0000002000-7f0000003000 rw-p 00000000 00:00 0\n");
  EXPECT_EQ(blas.name, c.name);
  EXPECT_EQ(blas.variant, c.variant);
  EXPECT_EQ(blas.file, c.shown);
}

INSTANTIATE_TEST_SUITE_P(
    Files, ClassifyBlasFile,
    testing::Values(
        Case{"/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3",
             "openblas", "openmp", "openblas-openmp/libblas.so.3"},
        Case{"/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3",
             "openblas", "pthread", "openblas-pthread/libblas.so.3"},
        Case{"/usr/lib/aarch64-linux-gnu/openblas-serial/libblas.so.3",
             "openblas", "serial", "openblas-serial/libblas.so.3"},
        Case{"/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", "reference",
             "serial", "blas/libblas.so.3.11.0"},
        Case{"/usr/lib/x86_64-linux-gnu/atlas/libblas.so.3.10.3", "atlas", "",
             "atlas/libblas.so.3.10.3"},
        Case{"/usr/lib/x86_64-linux-gnu/blis-openmp/libblas.so.4", "blis",
             "openmp", "blis-openmp/libblas.so.4"},
        Case{"/opt/env/lib/libopenblasp-r0.3.28.so", "openblas", "",
             "lib/libopenblasp-r0.3.28.so"},
        Case{"/opt/mkl/lib/libmkl_rt.so.2", "mkl", "", "lib/libmkl_rt.so.2"},
        Case{"/usr/lib64/libflexiblas.so.3", "flexiblas", "",
             "lib64/libflexiblas.so.3"}));

TEST(ClassifyBlas, TellsMklsThreads) {
  const BlasLibrary blas = ClassifyBlas(Map("/m/lib/libmkl_core.so.2") +
                                        Map("/m/lib/libmkl_sequential.so.2"));
  EXPECT_EQ(blas.name, "mkl");
  EXPECT_EQ(blas.variant, "serial");
}

TEST(ClassifyBlas, TheAlternativeDecidesBeforeASecondLibrary) {
  const BlasLibrary blas =
      ClassifyBlas(Map("/opt/env/lib/libopenblas.so.0") +
                   Map("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0"));
  EXPECT_EQ(blas.name, "reference");
}

TEST(ClassifyBlas, IsUnknownWithoutAny) {
  EXPECT_EQ(ClassifyBlas("").name, "unknown");
  EXPECT_EQ(ClassifyBlas(Map("/usr/lib/libm.so.6")).name, "unknown");
}

TEST(LoadedBlas, FindsTheOneOfThisProcess) {
  EXPECT_NE(LoadedBlas().name, "unknown");
}

}  // namespace
}  // namespace msdbench
