// A student's gradients kept apart by example and view, so that one pass back
// serves any weights of the views: what is weighed is linear in its weight.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "baselines/models/classifier.h"

namespace msdbench {

class ViewGradients {
 public:
  // Runs the student, whose parameters must have the same values whenever a
  // function is called: parts of it run again.
  ViewGradients(Classifier& student, const Batch& batch,
                std::vector<View> views, Removal removal,
                std::uint64_t dropout_seed);

  // With a graph back to the encoder's output, and no further.
  const ViewLogits& logits() const { return logits_; }

  // losses(logits): one scalar a sequence, [views * batch], the views one after
  // another. Goes back from their sum as far as the encoder's input.
  using Losses = std::function<at::Tensor(const ViewLogits&)>;
  void Back(Losses losses);

  // Gradients of sum_i scale_i losses_i in the order of parameters();
  // undefined = 0. scale: [views * batch]. The first `fixed` entries must be
  // the same in every call: their part is computed once.
  std::vector<at::Tensor> Gradients(const at::Tensor& scale,
                                    std::int64_t fixed);

  // <gradient of losses_i, direction> for i in [first, last), double; direction
  // in the order of parameters(), undefined = 0. The encoder's part needs no
  // second pass (encoder_layer.h), the small rest is a forward-mode one.
  at::Tensor Products(std::int64_t first, std::int64_t last,
                      const std::vector<at::Tensor>& direction);

 private:
  Classifier& student_;
  const Batch& batch_;
  std::vector<View> views_;
  Removal removal_;
  std::uint64_t dropout_seed_;
  EncoderInput input_;
  at::Tensor owners_;  // int64, the sequence of each row of the input
  EncoderPass pass_;
  at::Tensor first_;   // the encoder's output, a leaf
  at::Tensor d_rows_;  // at its input
  ViewLogits logits_;
  Losses loss_function_;
  at::Tensor losses_;
  std::vector<at::Tensor> fixed_part_;  // of the encoder's gradients
};

}  // namespace msdbench
