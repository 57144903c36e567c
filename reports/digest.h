// SHA-256 content hashes: configurations, data fingerprints, weights.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace msdbench {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& Update(const void* bytes, std::size_t size);
  Sha256& Update(std::string_view text) {
    return Update(text.data(), text.size());
  }
  // 64 lower-case hexadecimal digits; the object must not be used afterwards.
  std::string Hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string Sha256OfText(std::string_view text);
// Throws DataError when the file cannot be read.
std::string Sha256OfFile(const std::filesystem::path& file);

}  // namespace msdbench
