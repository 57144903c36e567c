// Data sets of real pictures and words that anybody may have: Debian's packages
// openclipart-png and openclipart-svg (public domain), in the authors' layouts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace msdbench {

struct ClipartOptions {
  std::filesystem::path source = "/usr/share/openclipart";
  std::filesystem::path out;  // gets one folder a data set
  std::uint64_t seed = 0;
  std::int64_t limit = 0;  // look at so many pictures, drawn by seed; 0 = all
  // Told the share of the pictures read, from any thread; may be empty.
  std::function<void(double)> progress;
};

// The layouts that are made.
const std::vector<std::string>& ClipartFormats();

// Writes OUT/{hateful_memes,mm_imdb,snli_ve}/... (formats empty = all), each
// with about.json (the rule, and every picture left out, with the reason) and
// openclipart.json (the options). Same pictures and options, same bytes;
// folders of the same options are left alone. Throws UsageError for other
// options or foreign files in a folder, DataError without pictures.
void MakeClipart(const ClipartOptions& options,
                 const std::vector<std::string>& formats = {});

}  // namespace msdbench
