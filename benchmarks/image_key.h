// What a list of image files is on this machine, for names in the cache.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

// The same text for one file, however its path is spelt.
std::string AbsoluteName(const std::filesystem::path& image);

// SHA-256 over the numerics version and each file's path and state, in order:
// files that are replaced get another key, also where size and time stay.
std::string KeyOfImages(const std::vector<std::filesystem::path>& images);

}  // namespace msdbench
