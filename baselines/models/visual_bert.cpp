#include "baselines/models/visual_bert.h"

#include <ATen/ATen.h>

#include "baselines/models/module_level.h"
#include "baselines/models/row_projection.h"

namespace msdbench {

using torch::nn::Embedding;
using torch::nn::LayerNorm;
using torch::nn::LayerNormOptions;
using torch::nn::Linear;

VisualBertEmbeddingsImpl::VisualBertEmbeddingsImpl(
    const VisualBertOptions& options)
    : precision_(options.precision) {
  const std::int64_t hidden = options.hidden;
  constexpr std::int64_t kTypes = 2;
  word_ =
      register_module("word_embeddings", Embedding(options.vocabulary, hidden));
  position_ = register_module("position_embeddings",
                              Embedding(options.positions, hidden));
  type_ = register_module("token_type_embeddings", Embedding(kTypes, hidden));
  norm_ = register_module(
      "LayerNorm",
      LayerNorm(LayerNormOptions({hidden}).eps(options.layer_norm_epsilon)));
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

at::Tensor VisualBertEmbeddingsImpl::Text(const at::Tensor& token_ids,
                                          const at::Tensor& positions,
                                          const at::Tensor& token_types) {
  return at::embedding(word_->weight, token_ids) +
         at::embedding(position_->weight, positions) +
         TypesOr(type_->weight, token_types, 0);
}

at::Tensor VisualBertEmbeddingsImpl::BlankText(const at::Tensor& positions) {
  return at::embedding(position_->weight, positions) +
         type_->weight.select(0, 0);
}

at::Tensor VisualBertEmbeddingsImpl::Visual(const at::Tensor& features,
                                            const at::Tensor& token_types) {
  // Without an alignment of regions to words every visual token has position 0
  // and type 1, as in HuggingFace's and MMF's VisualBERT.
  std::vector<std::int64_t> shape = features.sizes().vec();
  shape.back() = visual_projection_->weight.size(0);
  const at::Tensor projected =
      ProjectRows(features.reshape({-1, features.size(-1)}),
                  visual_projection_->weight, visual_projection_->bias,
                  precision_)
          .view(shape);
  return projected + visual_position_->weight.select(0, 0) +
         TypesOr(visual_type_->weight, token_types, 1);
}

VisualBertImpl::VisualBertImpl(const VisualBertOptions& options) {
  embeddings = register_module("embeddings", VisualBertEmbeddings(options));
  EncoderOptions encoder_options;
  encoder_options.hidden = options.hidden;
  encoder_options.layers = options.layers;
  encoder_options.heads = options.heads;
  encoder_options.intermediate = options.intermediate;
  encoder_options.epsilon = options.layer_norm_epsilon;
  encoder_options.dropout = options.dropout;
  encoder_options.precision = options.precision;
  encoder = register_module("encoder", Encoder(encoder_options));
  pooler_ =
      register_module("pooler", std::make_shared<ModuleLevel>())
          ->register_module("dense", Linear(options.hidden, options.hidden));
}

at::Tensor VisualBertImpl::Pool(const at::Tensor& first) {
  return at::tanh(pooler_(first));
}

}  // namespace msdbench
