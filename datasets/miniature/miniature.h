// Miniature data sets: small seeded pictures and sentences with a planted
// rule, written in the four data sets' own on-disk layouts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

struct MiniatureOptions {
  std::filesystem::path out;  // gets one folder a data set
  std::uint64_t seed = 0;
  std::int64_t train = 1600, dev = 400, test = 800;  // examples per data set
  std::int64_t image_size = 32;                      // pixels, square
};

// What was planted, for tests of saliency: written as planted.json beside the
// annotations, read by nobody but tests and reports.
//   { "rule": "...", "bayes": {"multimodal": .., "text": .., "image": ..},
//     "informative": {"<example id>": "text" | "image" | "both" | "none"} }
// `bayes` is the primary metric's best reachable value from each view.

// Writes OUT/{hateful_memes,mm_imdb,snli_ve,vqa_v2}/... (formats empty = all),
// each with a miniature.json (options, generator version). Same options, same
// bytes; a folder of the same options is left alone. Throws UsageError for
// other options or foreign files in a folder.
void MakeMiniature(const MiniatureOptions& options,
                   const std::vector<std::string>& formats = {});

}  // namespace msdbench
