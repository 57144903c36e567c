// BERT's encoder: a stack of layers over the rows of all sequences at once.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "baselines/models/classifier_options.h"
#include "baselines/models/encoder_layer.h"
#include "baselines/models/row_layout.h"

namespace msdbench {

struct EncoderOptions {
  std::int64_t hidden = 312, layers = 4, heads = 12, intermediate = 1200;
  double epsilon = 1e-12;  // of layer normalisation
  double dropout = 0;      // of hidden states and attention shares
  Precision precision = Precision::kFp32;
};

class EncoderLayerImpl;
class Padding;

class EncoderImpl : public torch::nn::Module {
 public:
  // hidden is a multiple of heads.
  explicit EncoderImpl(const EncoderOptions& options);

  // Last states of every row, or of each sequence's first row alone: no other
  // last state reaches a classifier's output, so the last layer is not computed
  // for them. dropout_seed: 0 = no dropout. Differentiable once.
  at::Tensor Run(const at::Tensor& rows, const RowLayout& layout,
                 bool first_only, std::uint64_t dropout_seed = 0);
  // The states after each layer, [rows, hidden].
  std::vector<at::Tensor> RunEach(const at::Tensor& rows,
                                  const RowLayout& layout,
                                  std::uint64_t dropout_seed = 0);

  const EncoderOptions& options() const { return options_; }
  // Weights of a layer as they are now, in the type that products of `rows`
  // are computed in.
  LayerWeights Weights(std::int64_t layer, c10::ScalarType type) const;
  c10::ScalarType TypeFor(const at::Tensor& rows) const;

 private:
  at::Tensor RunLayers(const at::Tensor& rows, const RowLayout& layout,
                       std::int64_t first, std::int64_t last, bool first_only,
                       std::uint64_t dropout_seed);

  EncoderOptions options_;
  std::vector<std::shared_ptr<EncoderLayerImpl>> layers_;
};
TORCH_MODULE(Encoder);

// One pass through an encoder whose parts can be asked for one by one, where
// autograd would only give their sum. Uses the weights as they are when it is
// made; they must not change before the pass is done with.
class EncoderPass {
 public:
  EncoderPass(const Encoder& encoder, const RowLayout& layout,
              std::uint64_t dropout_seed);

  // [rows, hidden] -> the last states of first rows, [sequences, hidden].
  at::Tensor Forward(const at::Tensor& rows);
  // The gradient there -> at the rows.
  at::Tensor Back(const at::Tensor& d_first);

  // Gradients in the order of the encoder's parameters(), from sequences
  // [first, last), each times its entry of `scale`, [last - first], real.
  // After Back.
  std::vector<at::Tensor> Gradients(std::int64_t first, std::int64_t last,
                                    const at::Tensor& scale) const;
  // <gradient of each sequence, direction>, double [last - first]; direction:
  // as Gradients returns them. After Back.
  at::Tensor Products(std::int64_t first, std::int64_t last,
                      const std::vector<at::Tensor>& direction) const;

 private:
  // Rows of those sequences, and perhaps some of their neighbours', so that
  // their number is one that the padding allows.
  SequenceRange Range(std::int64_t first, std::int64_t last) const;

  std::shared_ptr<Padding> padding_;
  std::vector<std::int64_t> offsets_;
  at::Tensor owners_;  // int64, the sequence of each row, added ones included
  std::vector<LayerOptions> options_;
  std::vector<LayerWeights> weights_;
  std::vector<LayerTrace> traces_;
  c10::ScalarType type_;
};

}  // namespace msdbench
