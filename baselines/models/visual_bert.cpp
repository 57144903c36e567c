#include "baselines/models/visual_bert.h"

#include <ATen/ATen.h>

#include <cmath>

namespace msdbench {

using torch::nn::Embedding;
using torch::nn::LayerNorm;
using torch::nn::LayerNormOptions;
using torch::nn::Linear;

namespace {

// An unnamed level of HuggingFace's module tree ("attention", "output").
class LevelImpl : public torch::nn::Module {
 public:
  using Module::register_module;
};

std::shared_ptr<LevelImpl> AddLevel(torch::nn::Module& parent,
                                    const std::string& name) {
  return parent.register_module(name, std::make_shared<LevelImpl>());
}

LayerNorm MakeNorm(const VisualBertOptions& options) {
  return LayerNorm(
      LayerNormOptions({options.hidden}).eps(options.layer_norm_epsilon));
}

}  // namespace

at::Tensor Dropout(const at::Tensor& x, double rate,
                   std::optional<at::Generator>& generator) {
  if (!generator || rate <= 0) return x;
  at::Tensor keep = at::empty_like(x);
  {
    at::NoGradGuard no_grad;
    keep.bernoulli_(1 - rate, *generator).div_(1 - rate);
  }
  return x * keep;
}

VisualBertEmbeddingsImpl::VisualBertEmbeddingsImpl(
    const VisualBertOptions& options) {
  const std::int64_t hidden = options.hidden;
  constexpr std::int64_t kTypes = 2;
  word_ =
      register_module("word_embeddings", Embedding(options.vocabulary, hidden));
  position_ = register_module("position_embeddings",
                              Embedding(options.positions, hidden));
  type_ = register_module("token_type_embeddings", Embedding(kTypes, hidden));
  norm_ = register_module("LayerNorm", MakeNorm(options));
  visual_type_ = register_module("visual_token_type_embeddings",
                                 Embedding(kTypes, hidden));
  visual_position_ = register_module("visual_position_embeddings",
                                     Embedding(options.positions, hidden));
  visual_projection_ = register_module("visual_projection",
                                       Linear(options.visual_width, hidden));
}

namespace {

// The rows of a small table; one row for all where no types are given.
at::Tensor TypesOr(const at::Tensor& table, const at::Tensor& types,
                   std::int64_t otherwise) {
  return types.defined() ? at::embedding(table, types)
                         : table.select(0, otherwise);
}

}  // namespace

at::Tensor VisualBertEmbeddingsImpl::AddPlaces(const at::Tensor& words,
                                               std::int64_t length,
                                               const at::Tensor& token_types) {
  return words + position_->weight.narrow(0, 0, length) +
         TypesOr(type_->weight, token_types, 0);
}

at::Tensor VisualBertEmbeddingsImpl::Text(const at::Tensor& token_ids,
                                          const at::Tensor& token_types) {
  return AddPlaces(at::embedding(word_->weight, token_ids), token_ids.size(1),
                   token_types);
}

at::Tensor VisualBertEmbeddingsImpl::BlankText(const at::Tensor& token_ids) {
  const std::int64_t hidden = word_->weight.size(1);
  return AddPlaces(at::zeros({token_ids.size(0), token_ids.size(1), hidden},
                             word_->weight.options().requires_grad(false)),
                   token_ids.size(1), {});
}

at::Tensor VisualBertEmbeddingsImpl::Visual(const at::Tensor& features,
                                            const at::Tensor& token_types) {
  // Without an alignment of regions to words every visual token has position 0
  // and type 1, as in HuggingFace's and MMF's VisualBERT.
  return visual_projection_(features) + visual_position_->weight.select(0, 0) +
         TypesOr(visual_type_->weight, token_types, 1);
}

class EncoderLayerImpl : public torch::nn::Module {
 public:
  explicit EncoderLayerImpl(const VisualBertOptions& options)
      : heads_(options.heads), dropout_(options.dropout) {
    const std::int64_t hidden = options.hidden;
    auto attention = AddLevel(*this, "attention");
    auto self = AddLevel(*attention, "self");
    query_ = self->register_module("query", Linear(hidden, hidden));
    key_ = self->register_module("key", Linear(hidden, hidden));
    value_ = self->register_module("value", Linear(hidden, hidden));
    auto attention_output = AddLevel(*attention, "output");
    mix_ = attention_output->register_module("dense", Linear(hidden, hidden));
    mix_norm_ =
        attention_output->register_module("LayerNorm", MakeNorm(options));
    up_ = AddLevel(*this, "intermediate")
              ->register_module("dense", Linear(hidden, options.intermediate));
    auto output = AddLevel(*this, "output");
    down_ =
        output->register_module("dense", Linear(options.intermediate, hidden));
    norm_ = output->register_module("LayerNorm", MakeNorm(options));
  }

  // What the blocks look like inside the one matrix of all tokens.
  struct Layout {
    std::vector<std::int64_t> batch, length;
    std::vector<at::Tensor> bias;  // additive [batch, 1, 1, length] or none
  };

  // x: [tokens, hidden], all blocks one after another. With `first_rows`,
  // [sum of batches] indices of each sequence's first token, only those
  // tokens' outputs are computed: [sum of batches, hidden].
  at::Tensor Run(const at::Tensor& x, const Layout& layout,
                 const at::Tensor& first_rows,
                 std::optional<at::Generator>& generator) {
    const bool first_only = first_rows.defined();
    const at::Tensor asked = first_only ? x.index_select(0, first_rows) : x;
    const at::Tensor q = query_(asked), k = key_(x), v = value_(x);
    const std::int64_t hidden = x.size(1), width = hidden / heads_;
    const double scale = 1 / std::sqrt(static_cast<double>(width));

    std::vector<at::Tensor> contexts;
    std::int64_t row = 0, asked_row = 0;
    for (std::size_t i = 0; i < layout.batch.size(); ++i) {
      const std::int64_t batch = layout.batch[i], length = layout.length[i];
      const std::int64_t asked_length = first_only ? 1 : length;
      const auto heads_of = [&](const at::Tensor& y, std::int64_t first,
                                std::int64_t count) {
        return y.narrow(0, first, batch * count)
            .view({batch, count, heads_, width})
            .transpose(1, 2);
      };
      const at::Tensor queries = heads_of(q, asked_row, asked_length) * scale;
      at::Tensor scores =
          at::matmul(queries, heads_of(k, row, length).transpose(-1, -2));
      if (layout.bias[i].defined()) scores = scores + layout.bias[i];
      const at::Tensor shares =
          Dropout(at::softmax(scores, -1), dropout_, generator);
      contexts.push_back(at::matmul(shares, heads_of(v, row, length))
                             .transpose(1, 2)
                             .reshape({batch * asked_length, hidden}));
      row += batch * length;
      asked_row += batch * asked_length;
    }
    const at::Tensor mixed = mix_norm_(
        asked + Dropout(mix_(at::cat(contexts)), dropout_, generator));
    return norm_(mixed +
                 Dropout(down_(at::gelu(up_(mixed))), dropout_, generator));
  }

 private:
  std::int64_t heads_;
  double dropout_;
  Linear query_{nullptr}, key_{nullptr}, value_{nullptr}, mix_{nullptr},
      up_{nullptr}, down_{nullptr};
  LayerNorm mix_norm_{nullptr}, norm_{nullptr};
};

namespace {

EncoderLayerImpl::Layout LayoutOf(const std::vector<TokenBlock>& blocks) {
  EncoderLayerImpl::Layout layout;
  for (const TokenBlock& block : blocks) {
    layout.batch.push_back(block.embedded.size(0));
    layout.length.push_back(block.embedded.size(1));
    at::Tensor bias;
    if (block.mask.defined()) {
      // A large finite value: a row without any token must not become NaN.
      bias = ((1 - block.mask) * -1e4).unsqueeze(1).unsqueeze(1);
    }
    layout.bias.push_back(bias);
  }
  return layout;
}

at::Tensor FirstRows(const EncoderLayerImpl::Layout& layout,
                     const at::Tensor& like) {
  std::vector<at::Tensor> parts;
  std::int64_t row = 0;
  const auto options =
      at::TensorOptions().dtype(at::kLong).device(like.device());
  for (std::size_t i = 0; i < layout.batch.size(); ++i) {
    const std::int64_t count = layout.batch[i] * layout.length[i];
    parts.push_back(at::arange(row, row + count, layout.length[i], options));
    row += count;
  }
  return at::cat(parts);
}

}  // namespace

VisualBertImpl::VisualBertImpl(const VisualBertOptions& options)
    : options_(options) {
  embeddings = register_module("embeddings", VisualBertEmbeddings(options));
  auto levels = AddLevel(*AddLevel(*this, "encoder"), "layer");
  for (std::int64_t i = 0; i < options.layers; ++i) {
    layers_.push_back(levels->register_module(
        std::to_string(i), std::make_shared<EncoderLayerImpl>(options)));
  }
  pooler_ =
      AddLevel(*this, "pooler")
          ->register_module("dense", Linear(options.hidden, options.hidden));
}

at::Tensor VisualBertImpl::Join(const std::vector<TokenBlock>& blocks,
                                std::optional<at::Generator>& dropout) {
  std::vector<at::Tensor> rows;
  for (const TokenBlock& block : blocks) {
    rows.push_back(block.embedded.reshape({-1, options_.hidden}));
  }
  return Dropout(embeddings->Normalise(at::cat(rows)), options_.dropout,
                 dropout);
}

std::vector<std::vector<at::Tensor>> VisualBertImpl::EncodeLayers(
    const std::vector<TokenBlock>& blocks,
    std::optional<at::Generator> dropout) {
  const EncoderLayerImpl::Layout layout = LayoutOf(blocks);
  std::vector<std::vector<at::Tensor>> states;
  const auto keep = [&](const at::Tensor& x) {
    states.emplace_back();
    std::int64_t row = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const std::int64_t count = layout.batch[i] * layout.length[i];
      states.back().push_back(
          x.narrow(0, row, count)
              .view({layout.batch[i], layout.length[i], -1}));
      row += count;
    }
  };
  at::Tensor x = Join(blocks, dropout);
  keep(x);
  for (const auto& layer : layers_) {
    x = layer->Run(x, layout, {}, dropout);
    keep(x);
  }
  return states;
}

std::vector<at::Tensor> VisualBertImpl::Encode(
    const std::vector<TokenBlock>& blocks,
    std::optional<at::Generator> dropout) {
  return EncodeLayers(blocks, dropout).back();
}

std::vector<at::Tensor> VisualBertImpl::Pool(
    const std::vector<TokenBlock>& blocks,
    std::optional<at::Generator> dropout) {
  const EncoderLayerImpl::Layout layout = LayoutOf(blocks);
  at::Tensor x = Join(blocks, dropout);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const bool last = i + 1 == layers_.size();
    x = layers_[i]->Run(x, layout, last ? FirstRows(layout, x) : at::Tensor(),
                        dropout);
  }
  const at::Tensor pooled = at::tanh(pooler_(x));
  return at::split_with_sizes(pooled, layout.batch);
}

}  // namespace msdbench
