// Per-example predictions on test and dev, kept beside the record so that later
// comparisons can pair them, and the choice of epoch and thresholds can be
// checked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "baselines/models/view_logits.h"
#include "datasets/encoded.h"

namespace msdbench {

inline constexpr char kPredictionsFile[] = "predictions.safetensors";

struct PredictedSplit {
  std::string role;  // "test" or "dev"
  const EncodedSplit& split;
  const ViewLogits& logits;
};

// Arrays of each split, by its role: "test/<view>", F32 logits [examples,
// labels]; "test/gold", I32 [examples] of single labels, U8 [examples, labels]
// of many; "test/ids", U8, a JSON list of the examples' ids. For kAnswer, whose
// labels are thousands, I32 [examples] best labels and F32 [examples] credits
// ("test/<view>/label", "test/<view>/credit") stand instead of logits and gold.
// Without labels there is neither gold nor credit. "labels" is U8, a JSON list
// of the labels' names. Metadata "example_ids_sha256" tells which test
// examples, in which order, "dev_example_ids_sha256" which of dev.
// docs/report.md shows how to read it.
void WritePredictions(const std::filesystem::path& file,
                      const std::vector<std::string>& labels,
                      const std::vector<PredictedSplit>& splits);

}  // namespace msdbench
