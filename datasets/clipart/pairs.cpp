#include "datasets/clipart/pairs.h"

#include <algorithm>
#include <iterator>

#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void Fail(const fs::path& source, const std::string& what) {
  throw DataError(source.string() + ": " + what +
                  "; install the pictures with `apt-get install "
                  "openclipart-png openclipart-svg`, or name their folder with "
                  "--source");
}

// Sorted. A link to a file counts as the file; one to nowhere does not.
std::vector<std::string> NamesEndingIn(const fs::path& folder,
                                       const std::string& ending) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ending || !entry.is_regular_file()) {
      continue;
    }
    names.push_back(entry.path()
                        .lexically_relative(folder)
                        .replace_extension()
                        .generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

fs::path ClipartPng(const fs::path& source, const std::string& name) {
  return source / "png" / (name + ".png");
}

fs::path ClipartSvg(const fs::path& source, const std::string& name) {
  return source / "svg" / (name + ".svg");
}

ClipartPairs FindClipartPairs(const fs::path& source) {
  for (const char* folder : {"png", "svg"}) {
    if (!IsFolder(source / folder)) {
      Fail(source, std::string("no folder ") + folder + "/ in it");
    }
  }
  const std::vector<std::string> png = NamesEndingIn(source / "png", ".png");
  const std::vector<std::string> svg = NamesEndingIn(source / "svg", ".svg");
  ClipartPairs pairs;
  std::set_intersection(png.begin(), png.end(), svg.begin(), svg.end(),
                        std::back_inserter(pairs.names));
  std::set_difference(png.begin(), png.end(), svg.begin(), svg.end(),
                      std::back_inserter(pairs.without_svg));
  std::set_difference(svg.begin(), svg.end(), png.begin(), png.end(),
                      std::back_inserter(pairs.without_png));
  if (pairs.names.empty()) {
    Fail(source, "no picture with both a PNG in png/ and an SVG in svg/");
  }
  return pairs;
}

}  // namespace msdbench
