// What is known of a training after each of its epochs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/metrics.h"

namespace msdbench {

struct WeightSummary {
  double mean = 0, deviation = 0;  // over examples, population form
};

struct EpochReport {
  std::int64_t epoch = 0;  // from 1
  double learning_rate = 0;
  std::vector<std::pair<std::string, double>> losses;
  std::vector<MetricValue> dev;
  std::optional<double> threshold;  // of `dev`, where dev chose it
  std::optional<WeightSummary> text_weight, image_weight;
};

// Called after every epoch, and between steps with a share of 0 to 1 done.
struct TrainingObserver {
  std::function<void(const EpochReport&)> epoch;
  std::function<void(double)> step;
};

}  // namespace msdbench
