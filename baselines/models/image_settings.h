// What lies beside image weights and says how their pictures were prepared.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace msdbench {

struct ImageSettings {
  std::string source;        // the file that said it; empty = nothing is there
  std::string architecture;  // by timm's name; empty = not said
  // Of pixels in [0, 1]; empty where nothing is said.
  std::optional<std::array<float, 3>> mean, deviation;
  std::optional<std::int64_t> image_size;  // pixels a side
  std::optional<bool> same_padding;
  std::optional<double> batch_norm_epsilon;
  // What is said and done otherwise here: cropping, interpolation, ...
  std::vector<std::string> differences;
};

// HuggingFace's preprocessor_config.json, or config.json as timm or this
// project writes it. Throws DataError for values that cannot be meant, and
// where two files disagree.
ImageSettings ReadImageSettings(const std::filesystem::path& folder);

}  // namespace msdbench
