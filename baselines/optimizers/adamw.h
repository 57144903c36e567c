// AdamW (Loshchilov and Hutter 2019) with gradient clipping, in one pass over
// the parameters on the CPU.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace msdbench {

struct AdamWOptions {
  double weight_decay = 0.01;  // not on vectors: biases and norms
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double clip_norm = 0;  // of all gradients together; 0 = off
};

class AdamW {
 public:
  AdamW(std::vector<at::Tensor> parameters, const AdamWOptions& options);

  // Forgets the gradients.
  void ZeroGrad();
  // One step at this learning rate. A parameter without a gradient stays.
  void Step(double learning_rate);

 private:
  struct State {
    at::Tensor mean, square;  // running, of gradients; undefined at first
    std::int64_t steps = 0;
  };
  // 1, or less where the gradients' norm is above clip_norm; a scalar on their
  // device, so that no step waits for it.
  at::Tensor ClippingScale() const;
  void StepInOnePass(std::size_t i, double rate, double scale);
  void StepByOperations(std::size_t i, double rate, const at::Tensor& scale);

  std::vector<at::Tensor> parameters_;
  std::vector<State> states_;
  AdamWOptions options_;
};

}  // namespace msdbench
