// A trained model as a folder that others can read.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/kept_pieces.h"

namespace msdbench {

class Classifier;

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
