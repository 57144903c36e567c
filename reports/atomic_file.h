// A file that appears under its name whole, or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace msdbench {

// Written under a temporary name in the same folder (made when missing), which
// goes again unless Commit is called. Everything throws RunError naming the
// file where it cannot be done.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& file);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void Write(std::string_view bytes);
  // In the place of bytes that were written at `offset`.
  void Replace(std::size_t offset, std::string_view bytes);
  // Flushes to disk, then renames: readers see the old file or the new one.
  void Commit();

 private:
  [[noreturn]] void Fail(int reason) const;

  std::filesystem::path file_, temporary_;
  int handle_ = -1;
};

// Of a file that only this program reads and writes, as in its cache: removes
// what is in its place and is no file (a FIFO, a socket, a device, a link to
// one of them or to a folder, an empty folder). Returns whether there was
// something. Throws RunError for a folder that holds something, which may be
// somebody's.
bool ClearPlaceOf(const std::filesystem::path& file);

}  // namespace msdbench
