// The per-example terms of the distillation objective (see design of MSD):
//   L_i = (1 - lambda) task_i + lambda (D_i^multimodal + w_i^text D_i^text
//                                       + w_i^image D_i^image)
#pragma once

#include <ATen/core/Tensor.h>

#include <array>

#include "baselines/methods/divergence.h"
#include "baselines/models/view_logits.h"
#include "datasets/dataset.h"
#include "reports/config_reader.h"

namespace msdbench {

struct ObjectiveOptions {
  double lambda = 0.5;
  double temperature = 2;
  Divergence divergence = Divergence::kKl;
};
// Reads lambda, temperature and divergence ("auto" follows the head).
ObjectiveOptions ReadObjectiveOptions(ConfigReader& reader, Head head);

// The label loss per example, [batch]: cross-entropy for kSingleLabel, else
// binary cross-entropy summed over labels (as MMF's logit_bce, whose mean is
// taken times the number of labels).
at::Tensor TaskLoss(Head head, const at::Tensor& logits,
                    const at::Tensor& targets);

struct ObjectiveTerms {
  at::Tensor task;                     // [batch]
  std::array<at::Tensor, 3> distance;  // [batch] a view, undefined if not run
  const at::Tensor& operator[](View view) const {
    return distance[static_cast<int>(view)];
  }
};

ObjectiveTerms ComputeTerms(const ObjectiveOptions& options, Head head,
                            const ViewLogits& student,
                            const ViewLogits& teacher,
                            const at::Tensor& targets);

// The batch mean of L_i. weights: [batch, 2] (text, image), or undefined for
// standard KD, where both are 0.
at::Tensor Combine(const ObjectiveOptions& options, const ObjectiveTerms& terms,
                   const at::Tensor& weights);

}  // namespace msdbench
