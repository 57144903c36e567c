#include "baselines/methods/meta_gradient.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "baselines/methods/forward_mode.h"
#include "baselines/methods/partial_gradients.h"

namespace msdbench {
namespace {

// Moves parameters for the lifetime of the object. Works on the data alone, so
// that a graph recorded before stays valid once they are back.
class Moved {
 public:
  Moved(const std::vector<at::Tensor>& parameters, const LookAheadStep& step)
      : parameters_(parameters) {
    at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      at::Tensor data = parameters[i].data();
      saved_.push_back(data.clone());
      if (step.gradients[i].defined()) data.sub_(step.gradients[i], step.rate);
    }
  }
  ~Moved() {
    at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      parameters_[i].data().copy_(saved_[i]);
    }
  }
  Moved(const Moved&) = delete;
  Moved& operator=(const Moved&) = delete;

 private:
  const std::vector<at::Tensor>& parameters_;
  std::vector<at::Tensor> saved_;
};

}  // namespace

MetaGradient DifferentiateLookAhead(
    const std::vector<at::Tensor>& parameters, const LookAheadStep& step,
    const std::function<at::Tensor()>& meta_loss,
    const WeighedProducts& products) {
  at::Tensor loss;
  std::vector<at::Tensor> direction;
  {
    const Moved moved(parameters, step);
    loss = meta_loss();
    direction = PartialGradients(loss, parameters, at::ones_like(loss));
  }
  return {loss.detach(), products(direction) * -step.rate};
}

WeighedProducts ForwardModeProducts(
    const std::vector<at::Tensor>& parameters, double factor,
    const std::function<std::vector<at::Tensor>()>& losses) {
  return [=](const std::vector<at::Tensor>& direction) {
    const at::Tensor products =
        at::stack(DirectionalDerivatives(parameters, direction, losses), 1);
    return products.to(at::kDouble) *
           (factor / static_cast<double>(products.size(0)));
  };
}

}  // namespace msdbench
