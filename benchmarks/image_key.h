// What a list of image files is on this machine, for names in the cache.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

// The same text for one file, however its path is spelt.
std::string AbsoluteName(const std::filesystem::path& image);

// SHA-256 over each file's path, size and time of writing, in order: files that
// are replaced get another key, also where the size stays.
std::string KeyOfImages(const std::vector<std::filesystem::path>& images);

}  // namespace msdbench
