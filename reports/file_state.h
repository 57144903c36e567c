// What a file is at the moment, without reading it.
#pragma once

#include <filesystem>
#include <string>

namespace msdbench {

// Size, times of writing and of change, and inode, as text: another content has
// another text, also where a program sets the time of writing back. "none"
// where there is no file.
std::string FileState(const std::filesystem::path& file);

}  // namespace msdbench
