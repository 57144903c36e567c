// First weights of a model from somewhere else: a checkpoint in HuggingFace's
// layout, or chosen layers of another model.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "baselines/models/classifier_options.h"
#include "baselines/models/state_dict.h"
#include "datasets/kept_pieces.h"
#include "reports/json_file.h"

namespace msdbench {

class Classifier;

// What became of every tensor, for the record: nothing stays as it was drawn
// without being named here.
struct WeightsOrigin {
  std::string source;
  std::int64_t loaded = 0;            // tensors taken over
  std::vector<std::string> new_ones;  // in the model only, and how they began
  std::vector<std::string> left_out;  // in the source only
  // The source's word embeddings, a row for each piece of the vocabulary.
  at::Tensor words;
};

// A folder of weights: config.json and what FindWeights finds, with BERT,
// TinyBERT, VisualBERT, or what SaveModelFolder wrote.
struct PretrainedSource {
  std::string file;  // for errors
  Json config;
  StateDict state;  // under BertNames
};
PretrainedSource OpenPretrained(const std::filesystem::path& folder);

// What a suite says about first weights from a folder.
struct PretrainedChoice {
  // Which encoder layers become the model's, in order; empty = all.
  std::vector<std::int64_t> layers;
  // Parts of the model that may begin anew where the source has none that
  // fits (see model_parts.h). The classification head may always; word
  // embeddings never. Empty: of a plain BERT, which has no visual parts, these
  // (visual_*, image); else none.
  std::vector<std::string> new_parts;
};

// `pieces`: which rows of the word embeddings the model holds; rows beyond the
// vocabulary are padding and left out. Throws DataError listing every tensor
// that is missing, of another shape, or holds NaN or Inf, and every setting of
// config.json that the model does not share (heads, activation, layers, ...).
WeightsOrigin LoadPretrained(Classifier& model, const PretrainedSource& source,
                             const PretrainedChoice& choice,
                             const KeptPieces& pieces);

// The part of these checks that needs no data: before any work starts. Throws
// likewise.
void CheckPretrained(ClassifierOptions options, const PretrainedSource& source,
                     const PretrainedChoice& choice);

// Whether a model from this source takes visual features of this width (0 = of
// any) as they come, as MMF's and HuggingFace's VisualBERT do: the source's
// projection fits them, and no norm lies before it there or is asked for.
bool TakesFeaturesAsTheyAre(const PretrainedSource& source,
                            const PretrainedChoice& choice, std::int64_t width);

// The student starts as the teacher with only `layers` of its encoder, as
// DistilBERT does (Sanh et al. 2019). Throws UsageError where shapes differ.
WeightsOrigin CopyLayers(Classifier& student, const Classifier& teacher,
                         const std::vector<std::int64_t>& layers);

}  // namespace msdbench
