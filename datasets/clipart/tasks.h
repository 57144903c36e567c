// The tasks made of a catalogue, one a data set's layout.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/clipart/catalogue.h"
#include "datasets/clipart/split.h"

namespace msdbench {

struct ClipartTask {
  const ClipartCatalogue& catalogue;
  std::array<ClipartSplit, 3> splits;
  std::uint64_t seed = 0;
};

// Each writes its layout into `folder` and returns its rule in a sentence.
// Throws DataError when a split gets no example.
std::string MakeClipartMemes(const ClipartTask& task,
                             const std::filesystem::path& folder);
std::string MakeClipartMovies(const ClipartTask& task,
                              const std::filesystem::path& folder);
std::string MakeClipartEntailment(const ClipartTask& task,
                                  const std::filesystem::path& folder);

// Of a task's pictures: the file and the item that it shows.
struct ClipartFile {
  std::filesystem::path file;
  std::size_t item = 0;
};
// Written on all cores, as PNG or, where the name ends otherwise, as JPEG.
void WriteClipartFiles(const ClipartCatalogue& catalogue,
                       const std::vector<ClipartFile>& files);

// Throws DataError: too few pictures for the split.
[[noreturn]] void FailEmptySplit(const std::string& task,
                                 const std::string& split);

}  // namespace msdbench
