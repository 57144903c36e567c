// First weights of a model from somewhere else: a checkpoint in HuggingFace's
// layout, or chosen layers of another model.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/kept_pieces.h"

namespace msdbench {

class Classifier;

// What became of every tensor, for the record: nothing stays as it was drawn
// without being named here.
struct WeightsOrigin {
  std::string source;
  std::int64_t loaded = 0;            // tensors taken over
  std::vector<std::string> new_ones;  // in the model only, and how they began
  std::vector<std::string> left_out;  // in the source only
  at::Tensor words;  // the source's word embeddings, all of them
};

// A folder with config.json and model.safetensors or pytorch_model.bin: BERT,
// TinyBERT, VisualBERT, or what SaveModelFolder wrote. `layers`: which of its
// encoder layers become the model's, in order; empty = all. `pieces`: which
// rows of its word embeddings the model holds. Throws DataError
// listing every encoder tensor that is missing or of another shape, and every
// setting of config.json that the model does not share (heads, activation,
// layer_norm_eps, ...).
WeightsOrigin LoadPretrained(Classifier& model,
                             const std::filesystem::path& folder,
                             const std::vector<std::int64_t>& layers,
                             const KeptPieces& pieces);

// The student starts as the teacher with only `layers` of its encoder, as
// DistilBERT does (Sanh et al. 2019). Throws UsageError where shapes differ.
WeightsOrigin CopyLayers(Classifier& student, const Classifier& teacher,
                         const std::vector<std::int64_t>& layers);

// config.json, model.safetensors and vocab.txt, as HuggingFace's VisualBERT
// has them; the classification head is "cls", the image part "image". Word
// embeddings are those of the whole vocabulary again: the model's rows, and
// for pieces it never saw the rows of `words` [vocabulary, hidden] (where the
// model came from), or zeros.
void SaveModelFolder(const Classifier& model,
                     const std::vector<std::string>& vocabulary,
                     const KeptPieces& pieces, const at::Tensor& words,
                     const std::filesystem::path& folder);

}  // namespace msdbench
