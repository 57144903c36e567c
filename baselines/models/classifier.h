// The whole model: image backbone, VisualBERT, classification head, run on any
// set of views at once. Teacher and student are two of these.
#pragma once

#include <ATen/core/Generator.h>

#include <memory>
#include <optional>
#include <vector>

#include "baselines/models/classifier_options.h"
#include "baselines/models/image_backbone.h"
#include "baselines/models/view_logits.h"
#include "baselines/models/visual_bert.h"
#include "datasets/batch.h"

namespace msdbench {

// What the encoder reads: the tokens of all views, a sequence an example and
// view, the views one after another.
struct EncoderInput {
  at::Tensor rows;  // [tokens, hidden]
  RowLayout layout;
};

class ClassifierImpl : public torch::nn::Module {
 public:
  // Weights are drawn from `seed` alone.
  ClassifierImpl(const ClassifierOptions& options, std::uint64_t seed);

  // Logits of the views asked for, which go through the encoder together.
  // Dropout is drawn from `dropout` (on the CPU); none (evaluation) when
  // absent.
  ViewLogits Forward(const Batch& batch, const std::vector<View>& views,
                     Removal removal,
                     std::optional<at::Generator> dropout = std::nullopt);

  // The three parts of Forward, for methods that need what passes between
  // them. dropout_seed: 0 = none; the same for all three.
  EncoderInput Embed(const Batch& batch, const std::vector<View>& views,
                     Removal removal, std::uint64_t dropout_seed);
  Encoder& encoder() { return bert_->encoder; }
  // Last states of [CLS], [sequences, hidden] -> logits, [sequences, labels].
  at::Tensor Classify(const at::Tensor& first, std::uint64_t dropout_seed);

  // parameters() in three: what Embed reads, the encoder's, what Classify
  // reads.
  std::vector<at::Tensor> InputParameters() const;
  std::vector<at::Tensor> OutputParameters() const;

  VisualBert& bert() { return bert_; }
  std::int64_t ParameterCount() const;
  const ClassifierOptions& options() const { return options_; }

 private:
  ClassifierOptions options_;
  ImageBackbone image_{nullptr};
  VisualBert bert_{nullptr};
  torch::nn::Linear head_{nullptr};
};
TORCH_MODULE(Classifier);

// A seed for one forward pass; 0 where there is no generator. Passes of other
// numbers of views drop other elements, so that KD and MSD with weights of 0
// differ as two draws do (suite `aa`).
std::uint64_t DrawDropoutSeed(std::optional<at::Generator>& generator,
                              std::size_t views);

// The views' rows of a matrix whose rows are sequences, as Embed orders them.
ViewLogits SplitViews(const at::Tensor& logits, const std::vector<View>& views);

// Draws every weight anew: matrices normal, biases zero, norms one.
void InitializeWeights(torch::nn::Module& module, double range,
                       std::uint64_t seed);

}  // namespace msdbench
