#include "reports/file_state.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace msdbench {

std::string FileState(const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return "none";
  return fmt::format("{} {}.{:09} {}.{:09} {}", status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                     status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
                     status.st_ino);
}

}  // namespace msdbench
