#include "baselines/methods/partial_gradients.h"

#include <torch/csrc/autograd/autograd.h>

namespace msdbench {

std::vector<at::Tensor> PartialGradients(const at::Tensor& output,
                                         const std::vector<at::Tensor>& inputs,
                                         const at::Tensor& d_output) {
  std::vector<at::Tensor> asked;
  for (const at::Tensor& input : inputs) {
    if (input.requires_grad()) asked.push_back(input);
  }
  const std::vector<at::Tensor> found =
      torch::autograd::grad({output}, asked, {d_output}, /*retain_graph=*/true,
                            /*create_graph=*/false, /*allow_unused=*/true);
  std::vector<at::Tensor> all;
  auto next = found.begin();
  for (const at::Tensor& input : inputs) {
    all.push_back(input.requires_grad() ? *next++ : at::Tensor());
  }
  return all;
}

}  // namespace msdbench
