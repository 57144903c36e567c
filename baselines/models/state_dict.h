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

// Reads .safetensors, and what Python's torch.save writes (the zip format and
// the older one). Nothing stored in a file is executed; a {"state_dict": ...}
// wrapper is opened. Tensors are on the CPU in the file's own dtype, backed by
// the mapped file where the format allows. Throws DataError.
StateDict ReadStateDict(const std::filesystem::path& file);

// Written atomically as float32, in the order given.
void WriteTensors(
    const std::filesystem::path& file,
    const std::vector<std::pair<std::string, at::Tensor>>& tensors,
    const std::map<std::string, std::string>& metadata = {});

}  // namespace msdbench
