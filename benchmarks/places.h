// Where a suite finds what it names.
#pragma once

#include <filesystem>
#include <string>

#include "reports/content_hashes.h"

namespace msdbench {

struct Places {
  std::filesystem::path data_root;
  std::filesystem::path weights_root;  // pretrained weights, a folder each
  std::filesystem::path cache;  // teachers, their outputs, visual features

  // A bare name below weights_root, else as a path; with a slash the other way
  // round. Throws DataError naming both.
  std::filesystem::path Weights(const std::string& name) const;

  // Hashes of files, remembered in the cache where there is one.
  ContentHashes Hashes(int threads) const;
};

}  // namespace msdbench
