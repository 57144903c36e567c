// One training: a model, a method, a split, epochs, selection on dev.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "baselines/methods/method.h"
#include "baselines/models/classifier.h"
#include "benchmarks/metrics.h"
#include "datasets/encoded.h"

namespace msdbench {

struct TrainingOptions {
  std::int64_t epochs = 8;
  std::int64_t updates = 0;  // > 0: as many steps instead of whole epochs
  std::int64_t batch_size = 32;
  double learning_rate = 1e-3;  // peak of linear warm-up and decay
  double warmup = 0.1;          // share of the steps
  double weight_decay = 0.01;   // AdamW, not on biases and norms
  double clip_norm = 1.0;       // of the gradient; 0 = off
};
TrainingOptions ReadTrainingOptions(ConfigReader& reader);
// How many epochs that makes over so many examples, the last perhaps cut short.
std::int64_t PlannedEpochs(const TrainingOptions& options,
                           std::int64_t examples);

struct TrainingData {
  const EncodedSplit& split;              // train and meta rows come from here
  const std::vector<std::int64_t>& rows;  // trained on
  const std::vector<std::int64_t>& meta_rows;
  const EncodedSplit& dev;
  const TeacherOutputs* teacher;  // of `split`; null where none is used
  const std::vector<std::string>& metrics;  // the first selects the epoch
};

struct WeightSummary {
  double mean = 0, deviation = 0;  // over examples, population form
};

struct EpochReport {
  std::int64_t epoch = 0;  // from 1
  double learning_rate = 0;
  std::vector<std::pair<std::string, double>> losses;
  std::vector<MetricValue> dev;
  std::optional<WeightSummary> text_weight, image_weight;
};

struct TrainingResult {
  std::vector<EpochReport> epochs;
  std::int64_t best_epoch = 0;
  std::int64_t examples_seen = 0;
  double training_s = 0, evaluation_s = 0;
  std::vector<at::Tensor> best_parameters;  // see RestoreBest
};

// Called after every epoch, and between steps with a share of 0 to 1 done.
struct TrainingObserver {
  std::function<void(const EpochReport&)> epoch;
  std::function<void(double)> step;
};

// Leaves the model as the last epoch made it. The same seed gives the same
// result on the same machine and thread count. Throws RunError when the loss
// stops being finite.
TrainingResult Train(Classifier& model, Method& method,
                     const TrainingData& data, const TrainingOptions& options,
                     Removal removal, std::uint64_t seed, c10::Device device,
                     const TrainingObserver& observer = {});

// Puts the parameters of the best epoch (by dev) back.
void RestoreBest(Classifier& model, const TrainingResult& result);

}  // namespace msdbench
