// How much a teacher's prediction changes when a modality is absent, and the
// weights that follow from it.
#pragma once

#include <ATen/core/Tensor.h>

#include "baselines/models/view_logits.h"
#include "datasets/dataset.h"
#include "reports/config_reader.h"

namespace msdbench {

enum class SaliencyMeasure {
  kKl,        // KL(p without the modality || p with both)
  kJs,        // Jensen-Shannon divergence of the two, in nats
  kL1,        // total absolute difference of the two
  kLogitMse,  // mean squared difference of logits
  kLoss,      // rise of the label loss, never below 0
};
// All of them under the names that options have.
const ConfigReader::Names<SaliencyMeasure>& SaliencyMeasures();

enum class SaliencyMap {
  kShare,    // s_m / (s_text + s_image)
  kSoftmax,  // softmax over modalities of s_m / map_temperature
  kTanh,     // tanh(s_m)
  kClip,     // min(s_m, 1)
};
enum class SaliencyGranularity { kInstance, kBatch, kDataset };

struct SaliencyOptions {
  SaliencyMeasure measure = SaliencyMeasure::kKl;
  SaliencyMap map = SaliencyMap::kShare;
  SaliencyGranularity granularity = SaliencyGranularity::kInstance;
  double map_temperature = 1;
};
SaliencyOptions ReadSaliencyOptions(ConfigReader& reader);

// Scores [batch, 2] (text, image) from the teacher's logits of all three
// views: text's score compares the full view with the image view, where text
// is absent. Probabilities are softmax or per-label sigmoids, by the head;
// sigmoid measures are summed over labels (kLogitMse is averaged).
at::Tensor SaliencyScores(SaliencyMeasure measure, Head head,
                          const ViewLogits& teacher, const at::Tensor& targets);

// Weights [batch, 2] from scores [batch, 2]. kInstance maps each row; kBatch
// maps the batch's mean scores and gives every row the same. kDataset is the
// caller's: pass the mean scores of the whole split as one row.
at::Tensor SaliencyWeights(const SaliencyOptions& options,
                           const at::Tensor& scores);

}  // namespace msdbench
