// SHA-256 of files' contents, each computed once and remembered by what the
// file system says of the file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace msdbench {

class ContentHashes {
 public:
  struct Options {
    // Remembers hashes between processes; empty = only computed. One that
    // cannot be read is begun anew.
    std::filesystem::path memo;
    int threads = 1;
    // Told of files and bytes hashed so far, from any thread, one at a time.
    std::function<void(std::size_t files, double bytes)> progress;
  };

  ContentHashes() = default;
  explicit ContentHashes(Options options) : options_(std::move(options)) {}

  // In the files' order, 64 hexadecimal digits each. Throws DataError for the
  // first file that cannot be read.
  std::vector<std::string> Of(const std::vector<std::filesystem::path>& files);
  std::string Of(const std::filesystem::path& file);

  // Writes what is new into the memo; where that cannot be done, it is computed
  // again next time.
  void Save();

 private:
  Options options_;
  std::map<std::string, std::string> known_, found_;  // state -> hash
  bool is_read_ = false;
};

}  // namespace msdbench
