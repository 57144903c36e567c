// Files of predictions as runs leave them beside their records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "reports/safetensors.h"

namespace msdbench {

// Arrays as benchmarks/predictions.h describes them; empty ones are left out.
struct SimulatedPredictions {
  std::string example_ids = "ids";
  std::int64_t labels = 2;
  std::vector<float> logits;               // [examples, labels]
  std::vector<std::int32_t> gold_label;    // [examples]
  std::vector<std::uint8_t> gold_labels;   // [examples, labels]
  std::vector<std::int32_t> best_answers;  // [examples], with credits
  std::vector<float> credits;
};

inline void WriteSimulated(const std::filesystem::path& file,
                           const SimulatedPredictions& run) {
  std::vector<NamedArray> arrays;
  const auto add = [&](const char* name, const char* dtype, const auto& values,
                       std::int64_t columns) {
    if (values.empty()) return;
    const auto size = static_cast<std::int64_t>(values.size());
    std::vector<std::int64_t> shape = {size};
    if (columns > 0) shape = {size / columns, columns};
    arrays.push_back(
        {name, dtype, shape, values.data(), values.size() * sizeof(values[0])});
  };
  add("test/gold", "I32", run.gold_label, 0);
  add("test/gold", "U8", run.gold_labels, run.labels);
  add("test/multimodal", "F32", run.logits, run.labels);
  add("test/multimodal/label", "I32", run.best_answers, 0);
  add("test/multimodal/credit", "F32", run.credits, 0);
  std::map<std::string, std::string> metadata;
  if (!run.example_ids.empty()) {
    metadata["example_ids_sha256"] = run.example_ids;
  }
  WriteSafetensors(file, arrays, metadata);
}

}  // namespace msdbench
