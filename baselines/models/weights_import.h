// Other people's weight files turned into the folders that suites name:
// config.json, model.safetensors, and for texts vocab.txt and
// tokenizer_config.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace msdbench {

struct ImportOptions {
  std::filesystem::path from;        // a file of weights, or a folder with one
  std::filesystem::path out;         // becomes the folder
  std::filesystem::path vocabulary;  // instead of the one beside the weights
  // Of image weights, where no file tells or another value is wanted:
  // "symmetric" or "same" padding, pixels, and the statistics they were trained
  // with.
  std::string padding;
  std::optional<std::int64_t> image_size;
  std::vector<double> mean, deviation;
};

struct ImportedWeights {
  std::string architecture;  // "bert", "visual_bert", "resnet50", ...
  std::int64_t tensors = 0, parameters = 0;
  // What was assumed or renamed, is done otherwise here, or is not used.
  std::vector<std::string> notes;
};

// Reads .safetensors, .bin, .pth, .pt and indices of shards; tells the
// architecture by config.json or by the tensors' names, and reads the settings
// beside them (the tokenizer's, the pictures'). Nothing is downloaded and
// nothing in the files is executed. Throws DataError for what it does not know,
// for NaN and Inf, for a BERT that lacks a tensor or is not as config.json
// says, and for a vocabulary larger than the word embeddings; UsageError where
// files of other weights would stay in the folder. Nothing is written then.
ImportedWeights ImportWeights(const ImportOptions& options);

}  // namespace msdbench
