// Files of the user's, opened to be read: only regular ones, since a FIFO or a
// device may never answer or never end, and what is wrong with the others told
// in the system's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <streambuf>
#include <string>
#include <vector>

#include "reports/error.h"

namespace msdbench {

// What stands at a path, links followed.
enum class PathKind { kNothing, kFile, kFolder };

// Throws Error(code), one line that names the path, where it cannot be told (no
// permission, links in a circle), where a link leads nowhere, and where there
// is something that is neither a file nor a folder.
PathKind KindOf(const std::filesystem::path& path,
                ExitCode code = ExitCode::kData);
inline bool IsThere(const std::filesystem::path& path) {
  return KindOf(path) != PathKind::kNothing;
}
inline bool IsFile(const std::filesystem::path& path) {
  return KindOf(path) == PathKind::kFile;
}
inline bool IsFolder(const std::filesystem::path& path) {
  return KindOf(path) == PathKind::kFolder;
}

// Throws DataError unless there is a folder whose entries can be listed.
void RequireFolder(const std::filesystem::path& path);

// A regular file, open for reading. A pipe is taken under the names of those
// that are open already (/dev/stdin, /dev/fd/N: a shell's <(...)), which only a
// person can have given.
class InputFile {
 public:
  // Throws Error(code): "FILE: cannot be read: REASON".
  explicit InputFile(const std::filesystem::path& file,
                     ExitCode code = ExitCode::kData);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // Up to `most` bytes; 0 at the end only. Throws Error(code).
  std::size_t Read(char* to, std::size_t most);
  std::uint64_t size() const { return size_; }  // when it was opened
  int handle() const { return handle_; }

 private:
  std::filesystem::path file_;
  ExitCode code_;
  int handle_ = -1;
  std::uint64_t size_ = 0;
};

// The same as a stream; a failure midway sets its badbit.
class InputStream : public std::istream {
 public:
  explicit InputStream(const std::filesystem::path& file);

 private:
  class Buffer : public std::streambuf {
   public:
    explicit Buffer(const std::filesystem::path& file);

   protected:
    int_type underflow() override;

   private:
    InputFile file_;
    std::vector<char> bytes_;
  };
  Buffer buffer_;
};

}  // namespace msdbench
