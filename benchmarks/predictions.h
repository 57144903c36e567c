// Per-example predictions on the test split, kept beside the record so that
// later comparisons can pair them.
#pragma once

#include <filesystem>

#include "baselines/models/view_logits.h"
#include "datasets/encoded.h"

namespace msdbench {

inline constexpr char kPredictionsFile[] = "predictions.safetensors";

// Arrays "test/<view>": F32 logits [examples, labels], and "test/gold": I32
// [examples] of single labels, U8 [examples, labels] of many. For kAnswer,
// whose labels are thousands, I32 [examples] best labels and F32 [examples]
// credits ("test/<view>/label", "test/<view>/credit") instead. Without labels
// there is neither gold nor credit. Metadata
// "example_ids_sha256" tells which examples, in which order.
void WritePredictions(const std::filesystem::path& file,
                      const EncodedSplit& test, const ViewLogits& logits);

}  // namespace msdbench
