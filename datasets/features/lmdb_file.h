// An LMDB, read in a process of its own: the library trusts every page of the
// file that it maps, and crashes on damaged ones.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/reader_process/reader_process.h"

namespace msdbench {

// Every failure is a DataError "PATH: ...". Any number of threads may call.
class LmdbFile {
 public:
  // A folder with data.mdb, or that file.
  explicit LmdbFile(const std::filesystem::path& path);

  const std::filesystem::path& file() const { return file_; }
  // In their order in the file, which must be that of their bytes.
  std::vector<std::string> Keys() const;
  // The value of a key; nothing where it is not there.
  std::optional<std::string> Find(const std::string& key) const;

 private:
  std::filesystem::path file_;
  std::unique_ptr<ReaderProcess> process_;
};

}  // namespace msdbench
