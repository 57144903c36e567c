// The doctor's judgement: from measured figures to findings. Measures nothing
// itself.
#pragma once

#include <string>
#include <vector>

#include "benchmarks/machine/blas_library.h"
#include "benchmarks/machine/cuda_devices.h"
#include "benchmarks/machine/host.h"
#include "benchmarks/machine/speed.h"

namespace msdbench {

struct Measurements {
  std::string build;     // as DescribeEnvironment()["msdbench"]["build"]
  std::string libtorch;  // version of the loaded library
  std::string libtorch_headers;  // version msdbench was compiled against
  int cores = 1;                 // usable
  int threads_start = 1;         // LibTorch's own choice
  int threads_set = 1;           // what it has after asking for `cores`
  BlasLibrary blas;
  bool bf16_hardware = false;
  CpuSpeed cpu;
  bool nvidia_driver = false;
  std::vector<CudaDevice> cuda;
  CudaSpeed cuda_speed;  // of the first device
  Memory memory;
  Disk out, temp;
};

enum class Verdict {
  kOk,
  kSlow,     // runs will be right, but waste time
  kProblem,  // runs will fail or be wrong
};

struct Finding {
  std::string name;
  std::string value;  // with its unit
  Verdict verdict = Verdict::kOk;
  std::string mend;  // what to do; never empty unless kOk
};

// A pure function of the figures, in a fixed order.
std::vector<Finding> Diagnose(const Measurements& measured);

Verdict Worst(const std::vector<Finding>& findings);
std::string VerdictName(Verdict verdict);  // "ok", "slow", "problem"

}  // namespace msdbench
