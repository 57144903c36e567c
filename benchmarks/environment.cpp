#include "benchmarks/environment.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "benchmarks/machine/blas_library.h"
#include "benchmarks/machine/cuda_devices.h"
#include "benchmarks/machine/host.h"
#include "benchmarks/version.h"

namespace msdbench {
namespace {

// Tenths: the kernel's share of memory varies a little from boot to boot.
double Rounded(double gib) { return std::round(gib * 10) / 10; }

std::string Compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

// The value of `key` in at::show_config(), up to one of `ends`.
std::string FromConfig(const std::string& config, const std::string& key,
                       const char* ends) {
  const auto start = config.find(key);
  if (start == std::string::npos) return "unknown";
  const auto value = start + key.size();
  return config.substr(value, config.find_first_of(ends, value) - value);
}

Json OrNull(const char* text) { return text ? Json(text) : Json(); }

}  // namespace

std::string BuildKind() {
#if defined(__SANITIZE_ADDRESS__)
  return "sanitizers";
#elif defined(__OPTIMIZE__)
  return "optimized";
#else
  return "debug";
#endif
}

Json DescribeEnvironment() {
  const Processor processor = DescribeProcessor();
  const OperatingSystem system = DescribeOperatingSystem();
  const BlasLibrary blas = LoadedBlas();
  const std::string config = at::show_config();

  Json environment;
  environment["msdbench"] = {
      {"version", Version()}, {"revision", Revision()}, {"build", BuildKind()}};
  environment["cpu"] = {{"model", processor.model},
                        {"architecture", system.architecture},
                        {"cores", UsableCores()},
                        {"simd", processor.simd}};
  environment["memory_gib"] = Rounded(DescribeMemory().total_gib);
  environment["os"] = {{"name", system.name}, {"kernel", system.kernel}};
  environment["compiler"] = Compiler();
  // Two versions: a program can meet another library than its headers'.
  environment["libtorch"] = {
      {"version", FromConfig(config, "TORCH_VERSION=", ", \n")},
      {"headers", TORCH_VERSION},
      {"cpu_capability", FromConfig(config, "CPU capability usage: ", "\n")}};
  environment["blas"] = {{"name", blas.name},
                         {"variant", blas.variant},
                         {"version", blas.version},
                         {"file", blas.file}};
  environment["threads"] = {
      {"intra_op", at::get_num_threads()},
      {"inter_op", at::get_num_interop_threads()},
      {"omp_num_threads", OrNull(std::getenv("OMP_NUM_THREADS"))}};
  Json devices = Json::array();
  for (const CudaDevice& device : CudaDevices()) {
    devices.push_back({{"name", device.name},
                       {"memory_gib", Rounded(device.memory_gib)},
                       {"capability", device.capability}});
  }
  environment["cuda"] = {{"available", at::hasCUDA()},
                         {"devices", std::move(devices)}};
  return environment;
}

}  // namespace msdbench
