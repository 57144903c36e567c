#include "baselines/methods/saliency.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <limits>

#include "baselines/methods/objective.h"

namespace msdbench {
namespace {

// Probabilities laid out as [batch, k, outcomes]: one distribution over the
// labels, or one over {on, off} a label. All measures then share one form.
at::Tensor LogProbabilities(Head head, const at::Tensor& logits) {
  if (head == Head::kSingleLabel) {
    return at::log_softmax(logits, 1).unsqueeze(1);
  }
  return at::stack({at::log_sigmoid(logits), at::log_sigmoid(-logits)}, 2);
}

at::Tensor SumAll(const at::Tensor& x) { return x.sum(at::IntArrayRef{1, 2}); }

at::Tensor Kl(const at::Tensor& log_p, const at::Tensor& log_q) {
  return SumAll(log_p.exp() * (log_p - log_q));
}

at::Tensor Score(SaliencyMeasure measure, Head head, const at::Tensor& full,
                 const at::Tensor& without, const at::Tensor& targets) {
  if (measure == SaliencyMeasure::kLogitMse) {
    return (full - without).square().mean(1);
  }
  if (measure == SaliencyMeasure::kLoss) {
    return TaskLoss(head, without, targets) - TaskLoss(head, full, targets);
  }
  const at::Tensor log_p = LogProbabilities(head, without);
  const at::Tensor log_q = LogProbabilities(head, full);
  switch (measure) {
    case SaliencyMeasure::kL1:
      return SumAll((log_p.exp() - log_q.exp()).abs());
    case SaliencyMeasure::kJs: {
      // The clamp keeps 0 * log(0), of two vanished outcomes, from being NaN; a
      // normal number, for subnormal ones may be flushed to 0.
      const at::Tensor log_m = ((log_p.exp() + log_q.exp()) / 2)
                                   .clamp_min(std::numeric_limits<float>::min())
                                   .log();
      return (Kl(log_p, log_m) + Kl(log_q, log_m)) / 2;
    }
    default:
      return Kl(log_p, log_q);
  }
}

}  // namespace

const ConfigReader::Names<SaliencyMeasure>& SaliencyMeasures() {
  static const ConfigReader::Names<SaliencyMeasure> kMeasures = {
      {"kl", SaliencyMeasure::kKl},
      {"js", SaliencyMeasure::kJs},
      {"l1", SaliencyMeasure::kL1},
      {"logit_mse", SaliencyMeasure::kLogitMse},
      {"loss", SaliencyMeasure::kLoss}};
  return kMeasures;
}

SaliencyOptions ReadSaliencyOptions(ConfigReader& reader) {
  SaliencyOptions options;
  options.measure =
      reader.Choice("measure", options.measure, SaliencyMeasures());
  options.map = reader.Choice("map", options.map,
                              {{"share", SaliencyMap::kShare},
                               {"softmax", SaliencyMap::kSoftmax},
                               {"tanh", SaliencyMap::kTanh},
                               {"clip", SaliencyMap::kClip}});
  options.granularity =
      reader.Choice("granularity", options.granularity,
                    {{"instance", SaliencyGranularity::kInstance},
                     {"batch", SaliencyGranularity::kBatch},
                     {"dataset", SaliencyGranularity::kDataset}});
  options.map_temperature =
      reader.Number("map_temperature", options.map_temperature, 1e-6, 1e6);
  return options;
}

at::Tensor SaliencyScores(SaliencyMeasure measure, Head head,
                          const ViewLogits& teacher,
                          const at::Tensor& targets) {
  at::NoGradGuard no_grad;
  const at::Tensor& full = teacher[View::kMultimodal];
  // Divergences are never negative but for rounding.
  return at::stack({Score(measure, head, full, teacher[View::kImage], targets),
                    Score(measure, head, full, teacher[View::kText], targets)},
                   1)
      .clamp_min(0);
}

at::Tensor SaliencyWeights(const SaliencyOptions& options,
                           const at::Tensor& scores) {
  at::Tensor s = scores;
  if (options.granularity == SaliencyGranularity::kBatch) {
    s = scores.mean(0, /*keepdim=*/true).expand_as(scores);
  }
  switch (options.map) {
    case SaliencyMap::kSoftmax:
      return at::softmax(s / options.map_temperature, 1);
    case SaliencyMap::kTanh:
      return at::tanh(s);
    case SaliencyMap::kClip:
      return s.clamp_max(1);
    case SaliencyMap::kShare:
      break;
  }
  // Neither modality matters: both count alike, rather than 0 / 0.
  constexpr double kNothing = 1e-12;
  return (s + kNothing) / (s + kNothing).sum(1, /*keepdim=*/true);
}

}  // namespace msdbench
