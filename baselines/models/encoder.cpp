#include "baselines/models/encoder.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <string>
#include <utility>

#include "baselines/models/module_level.h"

namespace msdbench {

using torch::nn::LayerNorm;
using torch::nn::LayerNormOptions;
using torch::nn::Linear;

// Makes rows of any number a multiple of 64 by one more sequence that nobody
// asks for. Only for bfloat16 on the CPU: there every new shape of a product is
// compiled first, which takes longer than the product.
class Padding {
 public:
  Padding() = default;
  Padding(const RowLayout& layout, c10::ScalarType type, c10::Device device)
      : layout_(layout), rows_(layout.Rows()), sequences_(layout.Sequences()) {
    if (type != at::kBFloat16 || !UseKernels(device)) return;
    dead_ = kMultiple - rows_ % kMultiple;
    layout_.stretches.push_back({1, dead_});
    if (layout_.key_bias.defined()) {
      layout_.key_bias = at::constant_pad_nd(layout_.key_bias, {0, dead_});
    }
  }

  const RowLayout& layout() const { return layout_; }
  // With zeros for the sequence added: of its tokens, or as one row.
  at::Tensor AddTokens(const at::Tensor& rows) const {
    return Add(rows, dead_);
  }
  at::Tensor AddSequence(const at::Tensor& rows) const {
    return Add(rows, dead_ > 0 ? 1 : 0);
  }
  at::Tensor RemoveTokens(const at::Tensor& rows) const {
    return dead_ == 0 ? rows : rows.narrow(0, 0, rows_);
  }
  at::Tensor RemoveSequence(const at::Tensor& rows) const {
    return dead_ == 0 ? rows : rows.narrow(0, 0, sequences_);
  }

  // [*first, *last) enlarged to a number of rows that products like.
  void Enlarge(std::int64_t* first, std::int64_t* last) const {
    if (dead_ == 0) return;
    *first = *first / kMultiple * kMultiple;
    *last = (*last + kMultiple - 1) / kMultiple * kMultiple;
  }

 private:
  static at::Tensor Add(const at::Tensor& rows, std::int64_t more) {
    return more == 0 ? rows.contiguous()
                     : at::constant_pad_nd(rows, {0, 0, 0, more});
  }

  static constexpr std::int64_t kMultiple = 64;
  RowLayout layout_;
  std::int64_t rows_ = 0, sequences_ = 0, dead_ = 0;
};

// Holds a layer's parameters under HuggingFace's names.
class EncoderLayerImpl : public torch::nn::Module {
 public:
  explicit EncoderLayerImpl(const EncoderOptions& options) {
    const std::int64_t hidden = options.hidden;
    const LayerNormOptions norm =
        LayerNormOptions({hidden}).eps(options.epsilon);
    const auto level = [&](const char* name) {
      return register_module(name, std::make_shared<ModuleLevel>());
    };
    auto attention = level("attention");
    auto self = attention->Below("self");
    query_ = self->register_module("query", Linear(hidden, hidden));
    key_ = self->register_module("key", Linear(hidden, hidden));
    value_ = self->register_module("value", Linear(hidden, hidden));
    auto attention_output = attention->Below("output");
    mix_ = attention_output->register_module("dense", Linear(hidden, hidden));
    mix_norm_ = attention_output->register_module("LayerNorm", LayerNorm(norm));
    up_ = level("intermediate")
              ->register_module("dense", Linear(hidden, options.intermediate));
    auto output = level("output");
    down_ =
        output->register_module("dense", Linear(options.intermediate, hidden));
    norm_ = output->register_module("LayerNorm", LayerNorm(norm));
  }

  LayerWeights Weights(c10::ScalarType type) const {
    const auto matrix = [&](const at::Tensor& weight) {
      return weight.detach().to(type);
    };
    LayerWeights w;
    w.qkv = at::cat({query_->weight.detach(), key_->weight.detach(),
                     value_->weight.detach()})
                .to(type);
    w.qkv_bias = at::cat(
        {query_->bias.detach(), key_->bias.detach(), value_->bias.detach()});
    w.mix = matrix(mix_->weight);
    w.mix_bias = mix_->bias.detach();
    w.mix_gamma = mix_norm_->weight.detach();
    w.mix_beta = mix_norm_->bias.detach();
    w.up = matrix(up_->weight);
    w.up_bias = up_->bias.detach();
    w.down = matrix(down_->weight);
    w.down_bias = down_->bias.detach();
    w.gamma = norm_->weight.detach();
    w.beta = norm_->bias.detach();
    return w;
  }

 private:
  Linear query_{nullptr}, key_{nullptr}, value_{nullptr}, mix_{nullptr},
      up_{nullptr}, down_{nullptr};
  LayerNorm mix_norm_{nullptr}, norm_{nullptr};
};

namespace {

// Query, key and value apart, so as a layer's parameters() lie.
constexpr std::size_t kParameters = 16;

void AppendAsParameters(LayerWeights& weights, std::vector<at::Tensor>& to) {
  const std::int64_t hidden = weights.qkv.size(1);
  for (std::int64_t i = 0; i < 3; ++i) {
    to.push_back(weights.qkv.narrow(0, i * hidden, hidden));
    to.push_back(weights.qkv_bias.narrow(0, i * hidden, hidden));
  }
  const auto all = weights.All();
  for (std::size_t i = 2; i < all.size(); ++i) to.push_back(*all[i]);
}

LayerWeights FromParameters(const at::Tensor* p, c10::ScalarType type) {
  LayerWeights weights;
  weights.qkv = at::cat({p[0], p[2], p[4]}).to(type);
  weights.qkv_bias = at::cat({p[1], p[3], p[5]});
  const auto all = weights.All();
  for (std::size_t i = 2; i < all.size(); ++i) {
    const at::Tensor& parameter = p[i + 4];
    *all[i] = parameter.dim() == 2 ? parameter.to(type) : parameter;
  }
  return weights;
}

LayerOptions OptionsOf(const EncoderOptions& encoder, std::int64_t layer,
                       std::uint64_t dropout_seed) {
  LayerOptions options;
  options.heads = encoder.heads;
  options.epsilon = encoder.epsilon;
  if (dropout_seed != 0) options.dropout = encoder.dropout;
  options.dropout_seed = dropout_seed + static_cast<std::uint64_t>(layer);
  return options;
}

// A stretch of layers, kept for the way back.
struct Stack : torch::CustomClassHolder {
  Padding padding;
  std::vector<LayerOptions> options;
  std::vector<LayerWeights> weights;
  std::vector<LayerTrace> traces;

  at::Tensor Forward(at::Tensor rows, bool keep) {
    rows = padding.AddTokens(rows);
    traces.resize(keep ? options.size() : 0);
    for (std::size_t i = 0; i < options.size(); ++i) {
      rows = RunLayer(weights[i], options[i], padding.layout(), rows,
                      keep ? &traces[i] : nullptr);
    }
    return options.back().first_only ? padding.RemoveSequence(rows)
                                     : padding.RemoveTokens(rows);
  }
};

// The stack as one operation of autograd; differentiable once.
class StackFunction : public torch::autograd::Function<StackFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& rows, at::TensorList parameters,
                            const c10::intrusive_ptr<Stack>& stack,
                            c10::ScalarType type) {
    context->saved_data["stack"] = c10::IValue::make_capsule(stack);
    return stack->Forward(rows.to(type), /*keep=*/true).to(rows.scalar_type());
  }

  static std::vector<at::Tensor> backward(
      torch::autograd::AutogradContext* context,
      std::vector<at::Tensor> d_outputs) {
    TORCH_CHECK(!at::GradMode::is_enabled(),
                "the encoder can be differentiated once only");
    const auto stack = c10::static_intrusive_pointer_cast<Stack>(
        context->saved_data["stack"].toCapsule());
    const at::Tensor d_out = d_outputs[0];
    const std::size_t layers = stack->options.size();
    const RowLayout& layout = stack->padding.layout();
    at::Tensor d = d_out.to(stack->weights[0].qkv.scalar_type());
    d = stack->options.back().first_only ? stack->padding.AddSequence(d)
                                         : stack->padding.AddTokens(d);
    std::vector<std::vector<at::Tensor>> found(layers);
    const SequenceRange all = {0, layout.Sequences(), 0, layout.Rows()};
    for (std::size_t i = layers; i-- > 0;) {
      // A copy, so that the gradients of activations go when it goes.
      LayerTrace trace = stack->traces[i];
      d = RunLayerBack(stack->weights[i], stack->options[i], layout, d, trace);
      LayerWeights gradients = WeightGradients(trace, all, {}, {});
      AppendAsParameters(gradients, found[i]);
    }
    std::vector<at::Tensor> result = {
        stack->padding.RemoveTokens(d).to(d_out.scalar_type())};
    for (auto& layer : found) {
      for (at::Tensor& gradient : layer) result.push_back(std::move(gradient));
    }
    result.resize(result.size() + 2);  // stack, type
    return result;
  }
};

}  // namespace

EncoderImpl::EncoderImpl(const EncoderOptions& options) : options_(options) {
  TORCH_CHECK(options.heads > 0 && options.hidden % options.heads == 0,
              "hidden must be a multiple of heads");
  auto levels = register_module("layer", std::make_shared<ModuleLevel>());
  for (std::int64_t i = 0; i < options.layers; ++i) {
    layers_.push_back(levels->register_module(
        std::to_string(i), std::make_shared<EncoderLayerImpl>(options)));
  }
}

LayerWeights EncoderImpl::Weights(std::int64_t layer,
                                  c10::ScalarType type) const {
  return layers_.at(static_cast<std::size_t>(layer))->Weights(type);
}

c10::ScalarType EncoderImpl::TypeFor(const at::Tensor& rows) const {
  return options_.precision == Precision::kBf16 ? at::kBFloat16
                                                : rows.scalar_type();
}

at::Tensor EncoderImpl::RunLayers(const at::Tensor& rows,
                                  const RowLayout& layout, std::int64_t first,
                                  std::int64_t last, bool first_only,
                                  std::uint64_t dropout_seed) {
  const c10::ScalarType type = TypeFor(rows);
  auto stack = c10::make_intrusive<Stack>();
  stack->padding = Padding(layout, type, rows.device());
  std::vector<at::Tensor> parameters;
  for (std::int64_t i = first; i < last; ++i) {
    stack->options.push_back(OptionsOf(options_, i, dropout_seed));
    stack->weights.push_back(Weights(i, type));
    const auto of_layer = layers_[static_cast<std::size_t>(i)]->parameters();
    TORCH_CHECK(of_layer.size() == kParameters);
    parameters.insert(parameters.end(), of_layer.begin(), of_layer.end());
  }
  stack->options.back().first_only = first_only;
  if (!at::GradMode::is_enabled()) {
    return stack->Forward(rows.to(type), /*keep=*/false).to(rows.scalar_type());
  }
  return StackFunction::apply(rows.contiguous(), at::TensorList(parameters),
                              stack, type);
}

at::Tensor EncoderImpl::Run(const at::Tensor& rows, const RowLayout& layout,
                            bool first_only, std::uint64_t dropout_seed) {
  return RunLayers(rows, layout, 0, options_.layers, first_only, dropout_seed);
}

std::vector<at::Tensor> EncoderImpl::RunEach(const at::Tensor& rows,
                                             const RowLayout& layout,
                                             std::uint64_t dropout_seed) {
  std::vector<at::Tensor> states;
  at::Tensor x = rows;
  for (std::int64_t i = 0; i < options_.layers; ++i) {
    x = RunLayers(x, layout, i, i + 1, /*first_only=*/false, dropout_seed);
    states.push_back(x);
  }
  return states;
}

EncoderPass::EncoderPass(const Encoder& encoder, const RowLayout& layout,
                         std::uint64_t dropout_seed) {
  const at::Tensor parameter = encoder->parameters().front();
  type_ = encoder->TypeFor(parameter);
  for (std::int64_t i = 0; i < encoder->options().layers; ++i) {
    options_.push_back(OptionsOf(encoder->options(), i, dropout_seed));
    weights_.push_back(encoder->Weights(i, type_));
  }
  options_.back().first_only = true;
  padding_ = std::make_shared<Padding>(layout, type_, parameter.device());
  offsets_ = padding_->layout().Offsets();
  owners_ =
      at::tensor(padding_->layout().Owners(), at::kLong).to(parameter.device());
  traces_.resize(options_.size());
}

at::Tensor EncoderPass::Forward(const at::Tensor& rows) {
  at::NoGradGuard no_grad;
  at::Tensor x = padding_->AddTokens(rows.to(type_));
  for (std::size_t i = 0; i < options_.size(); ++i) {
    x = RunLayer(weights_[i], options_[i], padding_->layout(), x, &traces_[i]);
  }
  return padding_->RemoveSequence(x).to(rows.scalar_type());
}

at::Tensor EncoderPass::Back(const at::Tensor& d_first) {
  at::NoGradGuard no_grad;
  at::Tensor d = padding_->AddSequence(d_first.to(type_));
  for (std::size_t i = options_.size(); i-- > 0;) {
    d = RunLayerBack(weights_[i], options_[i], padding_->layout(), d,
                     traces_[i]);
  }
  return padding_->RemoveTokens(d).to(d_first.scalar_type());
}

SequenceRange EncoderPass::Range(std::int64_t first, std::int64_t last) const {
  SequenceRange range = {first, last, offsets_[first], offsets_[last]};
  padding_->Enlarge(&range.first_row, &range.last_row);
  return range;
}

std::vector<at::Tensor> EncoderPass::Gradients(std::int64_t first,
                                               std::int64_t last,
                                               const at::Tensor& scale) const {
  at::NoGradGuard no_grad;
  const SequenceRange range = Range(first, last);
  // Rows of others, which the range may hold, do not count.
  at::Tensor all_scales = at::zeros(
      {static_cast<std::int64_t>(offsets_.size()) - 1}, scale.options());
  all_scales.narrow(0, first, last - first).copy_(scale);
  const at::Tensor token_scale = all_scales.index_select(
      0, owners_.narrow(0, range.first_row, range.last_row - range.first_row));
  std::vector<at::Tensor> all;
  for (const LayerTrace& trace : traces_) {
    LayerWeights gradients =
        WeightGradients(trace, range, scale.contiguous(), token_scale);
    AppendAsParameters(gradients, all);
  }
  return all;
}

at::Tensor EncoderPass::Products(
    std::int64_t first, std::int64_t last,
    const std::vector<at::Tensor>& direction) const {
  at::NoGradGuard no_grad;
  const SequenceRange range = Range(first, last);
  const auto options =
      at::TensorOptions().dtype(at::kDouble).device(owners_.device());
  const std::int64_t rows = range.last_row - range.first_row;
  at::Tensor token_sums = at::zeros({rows}, options);
  at::Tensor sums = at::zeros({last - first}, options);
  for (std::size_t i = 0; i < traces_.size(); ++i) {
    AddGradientProducts(
        traces_[i], range,
        FromParameters(direction.data() + i * kParameters, type_), token_sums,
        sums);
  }
  const at::Tensor by_sequence =
      at::zeros({static_cast<std::int64_t>(offsets_.size()) - 1}, options)
          .index_add(0, owners_.narrow(0, range.first_row, rows), token_sums);
  return sums + by_sequence.narrow(0, first, last - first);
}

}  // namespace msdbench
