// VisualBERT (Li et al. 2019): a BERT encoder over text tokens followed by
// projected visual tokens. Parameters carry HuggingFace's names.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace msdbench {

struct VisualBertOptions {
  std::int64_t vocabulary = 30522;
  std::int64_t hidden = 312, layers = 4, heads = 12, intermediate = 1200;
  std::int64_t positions = 512;      // longest text
  std::int64_t visual_width = 2048;  // of an incoming visual token
  double layer_norm_epsilon = 1e-12;
  double dropout = 0.1;  // hidden states and attention probabilities
};

// A stretch of equally long sequences that the encoder runs beside others.
// Each view of a batch is one block: the linear layers see all blocks as one
// matrix, attention stays inside a block, so absent tokens cost nothing.
struct TokenBlock {
  at::Tensor embedded;  // [batch, length, hidden]
  at::Tensor mask;  // float [batch, length], 1 = attendable; undefined = all
};

class VisualBertEmbeddingsImpl : public torch::nn::Module {
 public:
  explicit VisualBertEmbeddingsImpl(const VisualBertOptions& options);

  // Sums before layer normalisation. token_ids and token_types: int64
  // [batch, text]; undefined types = all 0.
  at::Tensor Text(const at::Tensor& token_ids,
                  const at::Tensor& token_types = {});
  // Word embeddings left out: only positions and types remain (Removal::kZero).
  at::Tensor BlankText(const at::Tensor& token_ids);
  // features: [batch, visual, visual_width]; token_types: int64
  // [batch, visual], undefined = all 1.
  at::Tensor Visual(const at::Tensor& features,
                    const at::Tensor& token_types = {});
  at::Tensor Normalise(const at::Tensor& sums) { return norm_(sums); }

 private:
  at::Tensor AddPlaces(const at::Tensor& words, std::int64_t length,
                       const at::Tensor& token_types);
  torch::nn::Embedding word_{nullptr}, position_{nullptr}, type_{nullptr},
      visual_type_{nullptr}, visual_position_{nullptr};
  torch::nn::Linear visual_projection_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(VisualBertEmbeddings);

class EncoderLayerImpl;

class VisualBertImpl : public torch::nn::Module {
 public:
  explicit VisualBertImpl(const VisualBertOptions& options);

  VisualBertEmbeddings embeddings{nullptr};

  // Hidden states of every token, [batch, length, hidden] a block.
  std::vector<at::Tensor> Encode(const std::vector<TokenBlock>& blocks,
                                 std::optional<at::Generator> dropout);
  // The same before the first layer and after each one, [layers + 1][blocks].
  std::vector<std::vector<at::Tensor>> EncodeLayers(
      const std::vector<TokenBlock>& blocks,
      std::optional<at::Generator> dropout);
  // The pooled [CLS] states, [batch, hidden] a block. The last layer is
  // computed for [CLS] alone: the other tokens' last states reach no output.
  std::vector<at::Tensor> Pool(const std::vector<TokenBlock>& blocks,
                               std::optional<at::Generator> dropout);

  const VisualBertOptions& options() const { return options_; }

 private:
  // The normalised tokens of all blocks as one matrix, [tokens, hidden].
  at::Tensor Join(const std::vector<TokenBlock>& blocks,
                  std::optional<at::Generator>& dropout);

  VisualBertOptions options_;
  std::vector<std::shared_ptr<EncoderLayerImpl>> layers_;
  torch::nn::Linear pooler_{nullptr};
};
TORCH_MODULE(VisualBert);

// x with a share `rate` of its elements zeroed and the rest scaled up, drawn
// from `generator`; x itself when there is no generator (evaluation).
at::Tensor Dropout(const at::Tensor& x, double rate,
                   std::optional<at::Generator>& generator);

}  // namespace msdbench
