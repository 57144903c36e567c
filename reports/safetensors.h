// The safetensors file format: named arrays behind a JSON header. Knows no
// tensor library; the reader maps the file, so nothing is copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reports/atomic_file.h"
#include "reports/digest.h"

namespace msdbench {

struct NamedArray {
  std::string name;
  std::string dtype;  // as in the format: "F32", "I64", ...
  std::vector<std::int64_t> shape;
  const void* data = nullptr;  // row-major, little-endian
  std::size_t bytes = 0;
};

// Bytes of one element; 0 for a dtype that the format does not have.
std::size_t DtypeBytes(std::string_view dtype);

class SafetensorsFile {
 public:
  // Maps and checks the file: header length, JSON, known dtypes, shape times
  // element size = bytes, ranges inside the file without overlap or overflow.
  // Throws DataError naming the file and the array.
  explicit SafetensorsFile(const std::filesystem::path& file);

  // In the file's order; `data` points into the map, alive as long as this.
  const std::vector<NamedArray>& arrays() const { return arrays_; }
  // Throws DataError when there is none of that name.
  const NamedArray& Get(const std::string& name) const;
  const std::map<std::string, std::string>& metadata() const {
    return metadata_;
  }
  // Throws DataError unless the file has a seal (see kSeal) and every byte is
  // what was written. Reads the whole file; `progress` is told bytes done.
  void CheckSeal(
      const std::function<void(std::size_t)>& progress = nullptr) const;

 private:
  struct Map;
  std::shared_ptr<Map> map_;
  std::vector<NamedArray> arrays_;
  std::map<std::string, std::size_t> places_;  // in arrays_, by name
  std::map<std::string, std::string> metadata_;
  std::string source_;
};

// A key of metadata that seals a file: the writer puts there the hexadecimal
// SHA-256 of the whole file with zeros in its place, whatever was given.
inline constexpr const char* kSeal = "msdbench_sha256";

// What goes before the arrays' bytes, one after another in the order given;
// their `data` is not read. A multiple of 8 bytes.
std::string SafetensorsHeader(
    const std::vector<NamedArray>& arrays,
    const std::map<std::string, std::string>& metadata);

// A file whose arrays are not all in memory: their bytes go in one after
// another. It appears under its name, whole, when Commit returns.
class SafetensorsWriter {
 public:
  // The arrays' `data` is not read.
  SafetensorsWriter(const std::filesystem::path& file,
                    const std::vector<NamedArray>& arrays,
                    const std::map<std::string, std::string>& metadata = {});
  void Write(std::string_view bytes);
  void Commit();

 private:
  AtomicFile out_;
  std::size_t seal_at_ = 0;  // 0 = without a seal
  Sha256 digest_;
};

// Written atomically, arrays in the order given, data aligned to 8 bytes.
void WriteSafetensors(const std::filesystem::path& file,
                      const std::vector<NamedArray>& arrays,
                      const std::map<std::string, std::string>& metadata = {});

}  // namespace msdbench
