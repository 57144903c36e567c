#include "baselines/methods/forward_mode.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/forward_grad.h>

#include <mutex>

namespace msdbench {
namespace {

// Enters LibTorch's forward-mode level; leaving clears every tangent set.
class Level {
 public:
  Level() : index_(torch::autograd::ForwardADLevel::get_next_idx()) {}
  ~Level() { torch::autograd::ForwardADLevel::release_idx(index_); }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;
  std::uint64_t index() const { return index_; }

 private:
  std::uint64_t index_;
};

}  // namespace

std::vector<at::Tensor> DirectionalDerivatives(
    const std::vector<at::Tensor>& parameters,
    const std::vector<at::Tensor>& directions,
    const std::function<std::vector<at::Tensor>()>& function) {
  static std::mutex one_level;
  const std::lock_guard<std::mutex> lock(one_level);
  at::NoGradGuard no_grad;
  const Level level;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!directions[i].defined()) continue;
    parameters[i]._set_fw_grad(directions[i].contiguous(), level.index(),
                               /*is_inplace_op=*/false);
  }
  std::vector<at::Tensor> derivatives;
  for (const at::Tensor& output : function()) {
    const at::Tensor& tangent = output._fw_grad(level.index());
    // An output that no moved parameter reaches has no tangent at all.
    derivatives.push_back(tangent.defined() ? tangent.clone()
                                            : at::zeros_like(output));
  }
  return derivatives;
}

}  // namespace msdbench
