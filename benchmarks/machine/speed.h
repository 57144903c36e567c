// How fast LibTorch's matrix products are here, in GFLOP/s (10^9 floating
// point operations a second, a multiply-add counting as two). Each figure is
// the best of several tries; a slow machine is measured on smaller products,
// but for the layer.
#pragma once

#include <string>

namespace msdbench {

struct CpuSpeed {
  double fp32_one = 0;  // 1024 x 1024 product, one thread
  double fp32_all = 0;  // the same, `threads` threads
  double bf16 = 0;      // bfloat16 linear layer of that size, `threads`
  // As a training step asks for them, `threads`: the four products of a layer
  // of the small student (312 wide, 1200 within) on 32 examples of 54 tokens,
  // and that layer's attention, softmax and all.
  double layer_fp32 = 0, layer_bf16 = 0, attention = 0;
  // Largest error of an fp32 product, relative to the largest entry; the
  // right answer is known exactly. NaN when the product has a NaN.
  double fp32_error = 0;
};
// Leaves LibTorch's thread count as it was.
CpuSpeed MeasureCpuSpeed(int threads);

struct CudaSpeed {
  double bf16 = 0;    // 4096 x 4096 product
  std::string error;  // first line of what went wrong; empty = nothing
};
// Of device 0, which must be there.
CudaSpeed MeasureCudaSpeed();

}  // namespace msdbench
