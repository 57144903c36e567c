// The schedule of one training, as a suite has it.
#pragma once

#include <cstdint>

#include "reports/config_reader.h"

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

}  // namespace msdbench
