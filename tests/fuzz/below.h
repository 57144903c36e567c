// Where a path that a file names leads to.
#pragma once

#include <filesystem>
#include <string>

namespace msdbench::fuzz {

// Whether `path` stays in the folder that it was put together with, and means
// for the system what it means for us (no byte 0).
inline bool LiesBelow(const std::filesystem::path& path,
                      const std::string& folder) {
  const std::string plain = path.lexically_normal().string();
  return plain.find('\0') == plain.npos && plain.rfind(folder + "/", 0) == 0;
}

}  // namespace msdbench::fuzz
