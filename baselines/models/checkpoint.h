// A model's weights in a safetensors file, under its parameters' names.
#pragma once

#include <torch/nn/module.h>

#include <filesystem>
#include <map>
#include <string>

namespace msdbench {

// Written atomically, as float32; a tensor in `instead` takes the place of the
// parameter of its name.
void SaveWeights(const torch::nn::Module& module,
                 const std::filesystem::path& file,
                 const std::map<std::string, std::string>& metadata = {},
                 const std::map<std::string, at::Tensor>& instead = {});

// Fills every parameter. Throws DataError that lists each missing, unexpected
// or differently shaped array: nothing stays at its initial value silently.
void LoadWeights(torch::nn::Module& module, const std::filesystem::path& file);

// SHA-256 over names, shapes and values.
std::string HashWeights(torch::nn::Module& module);

}  // namespace msdbench
