// Reads an HDF5 file by the library itself, which crashes or hangs on some
// damaged ones: only for Hdf5File, in a process of its own (see
// reader_process/) and one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/hdf5/hdf5_file.h"

namespace msdbench {

// As Hdf5File, whose comments hold.
class Hdf5Reader {
 public:
  explicit Hdf5Reader(const std::string& file);
  ~Hdf5Reader();

  Hdf5File::Shape Expect(const std::string& set, Hdf5File::Kind kind,
                         std::size_t rank);
  // The bytes of int32.
  std::string ReadIntegers(const std::string& set, std::int64_t first,
                           std::int64_t rows);
  // The bytes of each row's int32.
  std::vector<std::string> ReadLists(const std::string& set, std::int64_t first,
                                     std::int64_t rows);
  std::vector<std::string> ReadTexts(const std::string& set, std::int64_t first,
                                     std::int64_t rows);
  std::optional<std::string> TextAttribute(const std::string& set,
                                           const std::string& attribute);
  std::optional<std::vector<Hdf5File::FuelSplit>> FuelSplits();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace msdbench
