// The options of every command that takes a suite.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "benchmarks/places.h"
#include "benchmarks/suite.h"

namespace msdbench {

struct SuiteArguments {
  std::string suite, data_root = "data", weights_root = "weights", cache,
                     device = "auto";
  std::vector<std::string> overrides, datasets, methods;
  std::int64_t limit = 0;

  void AddTo(CLI::App& command);
  // The suite's JSON as it is used, narrowed and changed. Throws UsageError.
  Json LoadJson() const;
  Suite Load() const;
  // Without --cache, OUT/cache.
  Places PlacesOr(const std::filesystem::path& out) const;
};

}  // namespace msdbench
