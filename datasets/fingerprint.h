// What a data set's files are, in one hash that no folder name changes.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msdbench {

// Names are relative to the data set's root, with '/'. The order of the calls
// does not matter; the same annotation file may be added again.
class Fingerprint {
 public:
  void AddAnnotations(const std::string& name, std::string_view bytes);
  // Throws DataError when the file cannot be read.
  void AddAnnotationFile(const std::string& name,
                         const std::filesystem::path& file);
  // The same of a file whose SHA-256 is known.
  void AddHash(const std::string& name, std::string sha256);
  // Once for each distinct image, with the SHA-256 of its file; empty where the
  // file is not needed.
  void AddImage(std::string name, std::string sha256);

  // SHA-256 over names and bytes of the annotations and of the images, both
  // sorted by name, then the labels in order.
  std::string Hex(const std::vector<std::string>& labels) const;

 private:
  std::map<std::string, std::string> annotations_;           // name -> SHA-256
  std::vector<std::pair<std::string, std::string>> images_;  // name, SHA-256
};

}  // namespace msdbench
