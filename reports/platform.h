// The machine and build behind a run: what decides its exact numbers besides
// code, configuration, data and seed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/record.h"

namespace msdbench {

struct Platform {
  // Name and value, always the same names in the same order: device, cpu,
  // architecture, simd, kernels, threads, libtorch, blas, compiler, build.
  std::vector<std::pair<std::string, std::string>> parts;

  bool operator==(const Platform& other) const { return parts == other.parts; }
  bool operator!=(const Platform& other) const { return parts != other.parts; }
};

// From the record's environment; "unknown" for what it does not tell. The
// number of cores is left out (a run computes on its own threads), and so are
// kernel and memory.
Platform PlatformOf(const Record& record);

Json PlatformJson(const Platform& platform);
// From an object of texts. A part that it does not tell is "unknown".
Platform ParsePlatform(const Json& json);

// "blas: openblas 0.3.21 -> mkl 2024": one line a part that differs.
std::vector<std::string> PlatformDifferences(const Platform& before,
                                             const Platform& after);

}  // namespace msdbench
