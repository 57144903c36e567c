// The two formats of Python's torch.save.
#pragma once

#include <filesystem>

#include "baselines/models/state_dict.h"

namespace msdbench {

// Throws DataError: broken, big-endian, not a dictionary of tensors, or a
// tensor that reaches outside its storage or repeats it to more than 2^26
// elements.
StateDict ReadTorchArchive(const std::filesystem::path& file);

}  // namespace msdbench
