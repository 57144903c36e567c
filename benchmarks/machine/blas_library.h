// Which BLAS library LibTorch's matrix products end in.
#pragma once

#include <string>
#include <string_view>

namespace msdbench {

struct BlasLibrary {
  // "openblas", "mkl", "blis", "atlas", "flexiblas", "reference" (netlib's
  // plain loops) or "unknown".
  std::string name = "unknown";
  // Where its threads come from: "openmp", "pthread", "serial", "tbb"; empty
  // where that cannot be told.
  std::string variant;
  std::string version;  // as the library tells it; may be empty
  // Folder and name of the file; empty when linked into LibTorch itself.
  std::string file;
};

// From the text of /proc/<pid>/maps. Debian's alternatives hide behind the
// name libblas.so.3, and the folder tells them apart; elsewhere the name does.
BlasLibrary ClassifyBlas(std::string_view maps);

// For this process: the above, and what the library itself answers.
BlasLibrary LoadedBlas();

}  // namespace msdbench
