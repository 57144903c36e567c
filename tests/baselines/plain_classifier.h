// The classifier once more, from LibTorch's operations alone, example by
// example and without any of its shortcuts: what the fast one is held against.
// Differentiable as often as wished.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <string>

#include "baselines/models/classifier.h"

namespace msdbench {

class PlainClassifier {
 public:
  explicit PlainClassifier(Classifier& model) : model_(model) {}

  // Removal::kDrop.
  ViewLogits Forward(const Batch& batch) const {
    ViewLogits logits;
    for (View view : kViews) {
      std::vector<at::Tensor> rows;
      for (std::int64_t i = 0; i < batch.size(); ++i) {
        rows.push_back(One(batch, i, view));
      }
      logits[view] = at::stack(rows);
    }
    return logits;
  }

 private:
  at::Tensor P(const std::string& name) const {
    return model_->named_parameters()[name];
  }
  at::Tensor Linear(const at::Tensor& x, const std::string& name) const {
    return at::matmul(x, P(name + ".weight").t()) + P(name + ".bias");
  }
  at::Tensor Norm(const at::Tensor& x, const std::string& name,
                  double epsilon) const {
    const at::Tensor centred = x - x.mean(-1, /*keepdim=*/true);
    return centred / (centred.square().mean(-1, true) + epsilon).sqrt() *
               P(name + ".weight") +
           P(name + ".bias");
  }

  at::Tensor Visual(const at::Tensor& image) const {
    at::Tensor x = image.unsqueeze(0);
    const std::size_t layers = model_->options().image.channels.size();
    for (std::size_t i = 0; i < layers; ++i) {
      const std::string name = "image.convolution_" + std::to_string(i);
      x = at::relu(at::conv2d(x, P(name + ".weight"), P(name + ".bias"), 2, 1));
    }
    if (layers > 0) x = x.flatten(2).transpose(1, 2);
    x = Norm(x[0], "image.norm", 1e-5) + P("image.position");
    const std::string embeddings = "visual_bert.embeddings.";
    return Linear(x, embeddings + "visual_projection") +
           P(embeddings + "visual_position_embeddings.weight")[0] +
           P(embeddings + "visual_token_type_embeddings.weight")[1];
  }

  at::Tensor Text(const at::Tensor& ids) const {
    const std::string embeddings = "visual_bert.embeddings.";
    return P(embeddings + "word_embeddings.weight").index({ids}) +
           P(embeddings + "position_embeddings.weight")
               .slice(0, 0, ids.size(0)) +
           P(embeddings + "token_type_embeddings.weight")[0];
  }

  at::Tensor Layer(const at::Tensor& x, std::int64_t index) const {
    const std::string layer =
        "visual_bert.encoder.layer." + std::to_string(index) + ".";
    const VisualBertOptions& options = model_->options().bert;
    const std::int64_t heads = options.heads, width = options.hidden / heads;
    const auto split = [&](const std::string& name) {
      return Linear(x, layer + "attention.self." + name)
          .view({-1, heads, width})
          .transpose(0, 1);
    };
    const at::Tensor scores =
        at::matmul(split("query"), split("key").transpose(1, 2)) /
        std::sqrt(static_cast<double>(width));
    const at::Tensor context =
        at::matmul(at::softmax(scores, -1), split("value"))
            .transpose(0, 1)
            .reshape({-1, options.hidden});
    const double epsilon = options.layer_norm_epsilon;
    const at::Tensor mixed =
        Norm(x + Linear(context, layer + "attention.output.dense"),
             layer + "attention.output.LayerNorm", epsilon);
    const at::Tensor up = Linear(mixed, layer + "intermediate.dense");
    const at::Tensor active = up * 0.5 * (1 + at::erf(up / std::sqrt(2.0)));
    return Norm(mixed + Linear(active, layer + "output.dense"),
                layer + "output.LayerNorm", epsilon);
  }

  at::Tensor One(const Batch& batch, std::int64_t i, View view) const {
    const std::int64_t length = batch.text_mask[i].sum().item<std::int64_t>();
    at::Tensor x = view == View::kImage
                       ? Text(batch.ends[i])
                       : Text(batch.token_ids[i].slice(0, 0, length));
    if (view != View::kText) x = at::cat({x, Visual(batch.images[i])});
    x = Norm(x, "visual_bert.embeddings.LayerNorm",
             model_->options().bert.layer_norm_epsilon);
    for (std::int64_t k = 0; k < model_->options().bert.layers; ++k) {
      x = Layer(x, k);
    }
    const at::Tensor pooled =
        at::tanh(Linear(x[0], "visual_bert.pooler.dense"));
    return Linear(pooled, "cls");
  }

  Classifier& model_;
};

}  // namespace msdbench
