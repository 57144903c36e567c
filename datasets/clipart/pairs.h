// Which pictures of the Open Clip Art packages have both a PNG and an SVG.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

struct ClipartPairs {
  // Relative to png/ and svg/, without the ending: "animals/birds/owl". Sorted.
  std::vector<std::string> names;
  std::vector<std::string> without_png, without_svg;  // sorted
};

std::filesystem::path ClipartPng(const std::filesystem::path& source,
                                 const std::string& name);
std::filesystem::path ClipartSvg(const std::filesystem::path& source,
                                 const std::string& name);

// Looks below SOURCE/png and SOURCE/svg. Throws DataError telling the packages
// to install when there is no such folder or no pair in them.
ClipartPairs FindClipartPairs(const std::filesystem::path& source);

}  // namespace msdbench
