// Named tensors out of the files that weights come in.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace msdbench {

using StateDict = std::map<std::string, at::Tensor>;

// Reads .safetensors, what Python's torch.save writes (the zip format and the
// older one), and an index (*.index.json) with all its shards. Nothing stored
// in a file is executed; a {"state_dict": ...} wrapper is opened. Tensors are
// on the CPU in the file's own dtype, backed by the mapped file where the
// format allows. Throws DataError, also for one shard of several.
StateDict ReadStateDict(const std::filesystem::path& file);

// Where a folder keeps its weights: model.safetensors, pytorch_model.bin, or
// the index of either's shards. Throws DataError.
std::filesystem::path FindWeights(const std::filesystem::path& folder);
// All files of these weights: the file, or an index and its shards.
std::vector<std::filesystem::path> WeightsFiles(
    const std::filesystem::path& file);

// "a holds NaN or Inf" for each floating-point tensor that does, or that has no
// elements, as read into float32; at most `most` lines and how many more.
std::vector<std::string> UnsoundTensors(const StateDict& state,
                                        std::size_t most = 5);

// Written atomically as float32, in the order given.
void WriteTensors(
    const std::filesystem::path& file,
    const std::vector<std::pair<std::string, at::Tensor>>& tensors,
    const std::map<std::string, std::string>& metadata = {});

}  // namespace msdbench
