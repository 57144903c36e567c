// What a scan and its pictures add up to, split by split and across splits.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/verify/image_check.h"
#include "datasets/verify/scan.h"

namespace msdbench {

struct UnreadableImage {
  std::string name, reason;
};

// Words of a text, nearest rank: the smallest count that at least so many
// percent of the texts do not exceed.
inline constexpr std::array<int, 6> kPercents = {5, 25, 50, 75, 95, 99};
struct WordCounts {
  std::int32_t least = 0, most = 0;
  std::array<std::int32_t, kPercents.size()> at = {};
  std::int64_t empty = 0;  // texts without a word
};

struct SplitSummary {
  std::int64_t examples = 0, images = 0;  // images: distinct
  std::vector<std::string> repeated_ids;  // each once
  std::vector<std::string> missing;
  std::vector<UnreadableImage> unreadable;
  WordCounts words;
};

SplitSummary Summarise(const Scan& scan, const ScannedSplit& split,
                       const std::vector<ImageCheck>& checks);

// What two splits have in common: a leak where one of them is trained on.
struct SharedItems {
  std::size_t first = 0, second = 0;  // in Scan::splits
  std::vector<std::string> ids, images;
  // Pairs "FIRST'S = SECOND'S" of pictures under other names, equal in every
  // byte.
  std::vector<std::string> copies;
};

// All pairs of splits that share anything.
std::vector<SharedItems> FindShared(const Scan& scan,
                                    const std::vector<ImageCheck>& checks);

}  // namespace msdbench
