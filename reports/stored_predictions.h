// What a run stored of its test split beside the record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

// Of the multimodal view. benchmarks/predictions.h describes the file.
struct StoredPredictions {
  std::string example_ids;  // SHA-256 of them, in order
  std::size_t examples = 0;
  std::size_t labels = 0;                 // 0 where credits are stored
  std::vector<float> logits;              // [examples, labels], row-major
  std::vector<double> credits;            // [examples], of the best answers
  std::vector<std::int32_t> gold_label;   // [examples], of single labels
  std::vector<std::uint8_t> gold_labels;  // [examples, labels], of many
};

// Throws DataError naming the file: not sound; an array missing, of another
// type or of another shape; a value that is not finite; a label out of range;
// written before gold labels and example ids were stored.
StoredPredictions ReadPredictions(const std::filesystem::path& file);

// Empty when both are about the same examples with the same gold labels, else
// what differs.
std::string WhereExamplesDiffer(const StoredPredictions& a,
                                const StoredPredictions& b);

}  // namespace msdbench
