// The header of a .npy file (numpy.lib.format, versions 1 to 3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace msdbench {

struct NpyHeader {
  std::string descr;  // "<f4", "|O"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t bytes = 0;  // of magic and header: where the elements begin
};

// Throws DataError where it is broken or holds a type of several parts.
NpyHeader ReadNpyHeader(std::string_view file, const std::string& source);

}  // namespace msdbench
