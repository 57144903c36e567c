// The folder of golden values computed by public peers' own code.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace msdbench {

// MSDBENCH_GOLDEN, else ../shared/golden from the project's root.
inline std::filesystem::path GoldenFolder() {
  const char* given = std::getenv("MSDBENCH_GOLDEN");
  return given != nullptr ? given : "../shared/golden";
}

// Skips the test where the file is not there.
#define MSDBENCH_GOLDEN_FILE(variable, name)                                  \
  const std::filesystem::path variable = ::msdbench::GoldenFolder() / (name); \
  if (!std::filesystem::exists(variable)) {                                   \
    GTEST_SKIP() << variable.string() << " is not there";                     \
  }

}  // namespace msdbench
