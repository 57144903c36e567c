#include "baselines/models/row_projection.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include "baselines/models/encoder_ops.h"

namespace msdbench {
namespace {

class Projection : public torch::autograd::Function<Projection> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, c10::ScalarType type) {
    const at::Tensor in = x.to(type).contiguous(), w = weight.to(type);
    context->saved_data["in"] = in;
    context->saved_data["weight"] = w;
    context->saved_data["x_wanted"] = x.requires_grad();
    return MultiplyRows(in, w).to(x.scalar_type()).add_(bias);
  }

  static std::vector<at::Tensor> backward(
      torch::autograd::AutogradContext* context,
      std::vector<at::Tensor> d_outputs) {
    TORCH_CHECK(!at::GradMode::is_enabled(),
                "a projection can be differentiated once only");
    const at::Tensor in = context->saved_data["in"].toTensor();
    const at::Tensor weight = context->saved_data["weight"].toTensor();
    const at::Tensor d = d_outputs[0].to(in.scalar_type()).contiguous();
    at::Tensor d_x;
    if (context->saved_data["x_wanted"].toBool()) {
      d_x = MultiplyBack(d, weight).to(d_outputs[0].scalar_type());
    }
    return {d_x, OuterSum(d, in), ColumnSums(d, {}, {}), at::Tensor()};
  }
};

bool InForwardMode(const at::Tensor& tensor) {
  return tensor._fw_grad(/*level=*/0).defined();
}

}  // namespace

at::Tensor ProjectRows(const at::Tensor& x, const at::Tensor& weight,
                       const at::Tensor& bias, Precision precision) {
  if (InForwardMode(x) || InForwardMode(weight) || InForwardMode(bias)) {
    return at::linear(x, weight, bias);
  }
  return Projection::apply(
      x, weight, bias,
      precision == Precision::kBf16 ? at::kBFloat16 : x.scalar_type());
}

}  // namespace msdbench
