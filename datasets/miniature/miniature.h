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

// Writes OUT/{hateful_memes,mm_imdb,snli_ve,vqa_v2}/... (formats empty = all)
// and OUT/miniature.json (options and generator version). Same options, same
// bytes. Files that are already there with the same options are left alone.
void MakeMiniature(const MiniatureOptions& options,
                   const std::vector<std::string>& formats = {});

}  // namespace msdbench
