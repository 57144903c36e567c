// VisualBERT (Li et al. 2019): a BERT encoder over text tokens followed by
// projected visual tokens. Parameters carry HuggingFace's names.
#pragma once

#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include "baselines/models/classifier_options.h"
#include "baselines/models/encoder.h"

namespace msdbench {

// Sums of embeddings before layer normalisation. Tensors of ids may have any
// shape [...]; results are [..., hidden].
class VisualBertEmbeddingsImpl : public torch::nn::Module {
 public:
  explicit VisualBertEmbeddingsImpl(const VisualBertOptions& options);

  // int64; undefined types = all 0.
  at::Tensor Text(const at::Tensor& token_ids, const at::Tensor& positions,
                  const at::Tensor& token_types = {});
  // Word embeddings left out: only positions and types remain (Removal::kZero).
  at::Tensor BlankText(const at::Tensor& positions);
  // features: [..., visual_width]; token_types: int64 [...], undefined = all 1.
  at::Tensor Visual(const at::Tensor& features,
                    const at::Tensor& token_types = {});
  at::Tensor Normalise(const at::Tensor& sums) { return norm_(sums); }

 private:
  torch::nn::Embedding word_{nullptr}, position_{nullptr}, type_{nullptr},
      visual_type_{nullptr}, visual_position_{nullptr};
  torch::nn::Linear visual_projection_{nullptr};
  Precision precision_;
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(VisualBertEmbeddings);

class VisualBertImpl : public torch::nn::Module {
 public:
  explicit VisualBertImpl(const VisualBertOptions& options);

  VisualBertEmbeddings embeddings{nullptr};
  Encoder encoder{nullptr};

  // Last states of [CLS], [sequences, hidden] -> the same, pooled.
  at::Tensor Pool(const at::Tensor& first);

 private:
  torch::nn::Linear pooler_{nullptr};
};
TORCH_MODULE(VisualBert);

}  // namespace msdbench
