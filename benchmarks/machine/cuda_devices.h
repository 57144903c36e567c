// The CUDA devices LibTorch can use, without needing CUDA's headers to build.
#pragma once

#include <string>
#include <vector>

namespace msdbench {

struct CudaDevice {
  std::string name;        // "NVIDIA H200"
  double memory_gib = 0;   // in all
  std::string capability;  // "9.0"
};

// In LibTorch's numbering (CUDA_VISIBLE_DEVICES counts). Empty when LibTorch
// was built without CUDA or finds no device.
std::vector<CudaDevice> CudaDevices();

// Whether an NVIDIA kernel driver runs here, whatever LibTorch can do.
bool HasNvidiaDriver();

}  // namespace msdbench
