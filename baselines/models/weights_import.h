// Other people's weight files turned into the folders that suites name:
// config.json, model.safetensors, and vocab.txt for texts.
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
  // Of image weights, where the file cannot tell: "symmetric" or "same"
  // padding, pixels, and the statistics they were trained with.
  std::string padding;
  std::optional<std::int64_t> image_size;
  std::vector<double> mean, deviation;
};

struct ImportedWeights {
  std::string architecture;  // "bert", "visual_bert", "resnet50", ...
  std::int64_t tensors = 0, parameters = 0;
  std::vector<std::string> notes;  // what was assumed or renamed
};

// Reads .safetensors, .bin, .pth, .pt; tells the architecture by config.json
// or by the tensors' names. Nothing is downloaded and nothing in the files is
// executed. Throws DataError for what it does not know, and for a vocabulary
// of another size than the word embeddings.
ImportedWeights ImportWeights(const ImportOptions& options);

}  // namespace msdbench
