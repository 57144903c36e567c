#include "benchmarks/training_options.h"

namespace msdbench {

TrainingOptions ReadTrainingOptions(ConfigReader& reader) {
  TrainingOptions options;
  options.epochs = reader.Integer("epochs", options.epochs, 1, 100000);
  options.updates = reader.Integer("updates", options.updates, 0, 100000000);
  options.batch_size =
      reader.Integer("batch_size", options.batch_size, 1, 100000);
  options.learning_rate =
      reader.Number("learning_rate", options.learning_rate, 0, 10);
  options.warmup = reader.Number("warmup", options.warmup, 0, 1);
  options.weight_decay =
      reader.Number("weight_decay", options.weight_decay, 0, 10);
  options.clip_norm = reader.Number("clip_norm", options.clip_norm, 0, 1e6);
  return options;
}

std::int64_t PlannedEpochs(const TrainingOptions& options,
                           std::int64_t examples) {
  if (options.updates == 0) return options.epochs;
  const std::int64_t batches =
      (examples + options.batch_size - 1) / options.batch_size;
  return (options.updates + batches - 1) / batches;
}

}  // namespace msdbench
