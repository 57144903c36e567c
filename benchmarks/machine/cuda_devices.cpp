#include "benchmarks/machine/cuda_devices.h"

#include <ATen/Context.h>
#include <dlfcn.h>

#include <cstddef>
#include <filesystem>

namespace msdbench {
namespace {

// The driver's own C interface: part of every CUDA machine, and stable.
template <typename Function>
bool Load(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  return function != nullptr;
}

constexpr int kSuccess = 0;
constexpr int kComputeCapabilityMajor = 75;
constexpr int kComputeCapabilityMinor = 76;

}  // namespace

std::vector<CudaDevice> CudaDevices() {
  std::vector<CudaDevice> devices;
  if (!at::hasCUDA()) return devices;
  // Never closed: LibTorch goes on using it.
  void* driver = dlopen("libcuda.so.1", RTLD_NOW);
  if (driver == nullptr) return devices;
  int (*init)(unsigned);
  int (*get_count)(int*);
  int (*get_device)(int*, int);
  int (*get_name)(char*, int, int);
  int (*get_memory)(std::size_t*, int);
  int (*get_attribute)(int*, int, int);
  if (!Load(driver, "cuInit", init) ||
      !Load(driver, "cuDeviceGetCount", get_count) ||
      !Load(driver, "cuDeviceGet", get_device) ||
      !Load(driver, "cuDeviceGetName", get_name) ||
      !Load(driver, "cuDeviceTotalMem_v2", get_memory) ||
      !Load(driver, "cuDeviceGetAttribute", get_attribute)) {
    return devices;
  }
  int count = 0;
  if (init(0) != kSuccess || get_count(&count) != kSuccess) return devices;
  for (int i = 0; i < count; ++i) {
    int device = 0, major = 0, minor = 0;
    char name[256] = "unknown";
    std::size_t bytes = 0;
    if (get_device(&device, i) != kSuccess) continue;
    get_name(name, sizeof(name), device);
    get_memory(&bytes, device);
    get_attribute(&major, kComputeCapabilityMajor, device);
    get_attribute(&minor, kComputeCapabilityMinor, device);
    devices.push_back({name, static_cast<double>(bytes) / (1u << 30),
                       std::to_string(major) + "." + std::to_string(minor)});
  }
  return devices;
}

bool HasNvidiaDriver() {
  std::error_code ignored;
  return std::filesystem::exists("/proc/driver/nvidia/version", ignored);
}

}  // namespace msdbench
