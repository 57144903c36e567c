// One training: a model, a method, a split, epochs, selection on dev.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>
#include <vector>

#include "baselines/methods/method.h"
#include "benchmarks/epoch_report.h"
#include "benchmarks/thresholds.h"
#include "benchmarks/training_options.h"
#include "datasets/encoded.h"

namespace msdbench {

struct TrainingData {
  const EncodedSplit& split;              // train and meta rows come from here
  const std::vector<std::int64_t>& rows;  // trained on
  const std::vector<std::int64_t>& meta_rows;
  const EncodedSplit& dev;
  const TeacherOutputs* teacher;  // of `split`; null where none is used
  const std::vector<std::string>& metrics;  // the first selects the epoch
  // Of that metric: epochs are compared by the rule that scores them later.
  ThresholdRule threshold_rule = ThresholdRule::kFixed;
};

struct TrainingResult {
  std::vector<EpochReport> epochs;
  std::int64_t best_epoch = 0;  // the first of equals; 0 = not known
  // All that are equally good on dev, best_epoch included; empty where it is
  // better than every other.
  std::vector<std::int64_t> tied_epochs;
  std::int64_t examples_seen = 0;
  double training_s = 0, evaluation_s = 0;
  std::vector<at::Tensor> best_parameters;  // see RestoreBest
};

// Leaves the model as the last epoch made it. The same seed gives the same
// result on the same machine and thread count. Throws RunError when the loss
// stops being finite.
TrainingResult Train(Classifier& model, Method& method,
                     const TrainingData& data, const TrainingOptions& options,
                     Removal removal, std::uint64_t seed, c10::Device device,
                     const TrainingObserver& observer = {});

// "epoch 2 kept of 3 tied on dev"; empty without a tie.
std::string TieText(std::int64_t best, std::size_t tied);

// Puts the parameters of the best epoch (by dev) back.
void RestoreBest(Classifier& model, const TrainingResult& result);

}  // namespace msdbench
