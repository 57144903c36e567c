// The whole model: image backbone, VisualBERT, classification head, run on any
// set of views at once. Teacher and student are two of these.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "baselines/models/image_backbone.h"
#include "baselines/models/view.h"
#include "baselines/models/visual_bert.h"
#include "datasets/batch.h"

namespace msdbench {

struct ClassifierOptions {
  VisualBertOptions bert;  // visual_width is set from the backbone
  ImageBackboneOptions image;
  std::int64_t labels = 2;
  // Standard deviation of initial weights; 0 = 1 / sqrt(inputs) a layer, which
  // suits narrow models trained from scratch better than BERT's 0.02.
  double initializer_range = 0;
};

class ClassifierImpl : public torch::nn::Module {
 public:
  // Weights are drawn from `seed` alone.
  ClassifierImpl(const ClassifierOptions& options, std::uint64_t seed);

  // Logits of the views asked for. The image is encoded once for all views,
  // and all views go through the encoder together. Dropout is drawn from
  // `dropout`; none (evaluation) when absent.
  ViewLogits Forward(const Batch& batch, const std::vector<View>& views,
                     Removal removal,
                     std::optional<at::Generator> dropout = std::nullopt);

  VisualBert& bert() { return bert_; }
  std::int64_t ParameterCount() const;
  const ClassifierOptions& options() const { return options_; }

 private:
  TokenBlock Sequence(const Batch& batch, View view, Removal removal,
                      const at::Tensor& features);

  ClassifierOptions options_;
  ImageBackbone image_{nullptr};
  VisualBert bert_{nullptr};
  torch::nn::Linear head_{nullptr};
};
TORCH_MODULE(Classifier);

// Draws every weight anew: matrices normal, biases zero, norms one.
void InitializeWeights(torch::nn::Module& module, double range,
                       std::uint64_t seed);

}  // namespace msdbench
