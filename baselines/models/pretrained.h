// First weights of a model from somewhere else: a checkpoint in HuggingFace's
// layout, or chosen layers of another model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "baselines/models/classifier.h"

namespace msdbench {

// What became of every tensor, for the record: nothing stays as it was drawn
// without being named here.
struct WeightsOrigin {
  std::string source;
  std::int64_t loaded = 0;            // tensors taken over
  std::vector<std::string> new_ones;  // in the model only, and how they began
  std::vector<std::string> left_out;  // in the source only
};

// A folder with config.json and model.safetensors or pytorch_model.bin: BERT,
// TinyBERT, VisualBERT, or what SaveModelFolder wrote. `layers`: which of its
// encoder layers become the model's, in order; empty = all. Throws DataError
// listing every encoder tensor that is missing or of another shape, and every
// setting of config.json that the model does not share (heads, activation,
// layer_norm_eps, ...).
WeightsOrigin LoadPretrained(Classifier& model,
                             const std::filesystem::path& folder,
                             const std::vector<std::int64_t>& layers);

// The student starts as the teacher with only `layers` of its encoder, as
// DistilBERT does (Sanh et al. 2019). Throws UsageError where shapes differ.
WeightsOrigin CopyLayers(Classifier& student, Classifier& teacher,
                         const std::vector<std::int64_t>& layers);

// config.json, model.safetensors and vocab.txt, as HuggingFace's VisualBERT
// has them; the classification head is "cls", the image part "image".
void SaveModelFolder(Classifier& model,
                     const std::vector<std::string>& vocabulary,
                     const std::filesystem::path& folder);

}  // namespace msdbench
