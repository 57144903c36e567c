// Bytes as a file, for readers that take a path.
#pragma once

#include <filesystem>
#include <string_view>

namespace msdbench::fuzz {

// The path of a file in memory that holds `bytes` until the next call; one
// file a process and `slot` (0 or 1). It is a regular file, so that readers
// can map it.
std::filesystem::path InputFile(std::string_view bytes, int slot = 0);

}  // namespace msdbench::fuzz
