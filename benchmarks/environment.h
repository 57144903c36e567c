// What a run ran on: part of every record, so that numbers can be traced.
#pragma once

#include <string>

#include "reports/json_file.h"

namespace msdbench {

// The same on the same machine, program and settings: no clock, no host or
// user name, no free memory. Keys: msdbench, cpu, memory_gib, os, compiler,
// libtorch, blas, threads (as they are set now), cuda. Takes milliseconds;
// with CUDA it starts the driver.
Json DescribeEnvironment();

// How msdbench was compiled: "optimized", "debug" or "sanitizers".
std::string BuildKind();

}  // namespace msdbench
