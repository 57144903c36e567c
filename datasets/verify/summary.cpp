#include "datasets/verify/summary.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace msdbench {
namespace {

std::vector<std::int32_t> DistinctImages(const ScannedSplit& split) {
  std::vector<std::int32_t> rows = split.images;
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

std::vector<std::string> RepeatedIds(const ScannedSplit& split) {
  std::unordered_set<std::string_view> seen, told;
  std::vector<std::string> repeated;
  for (const std::string& id : split.ids) {
    if (!seen.insert(id).second && told.insert(id).second) {
      repeated.push_back(id);
    }
  }
  return repeated;
}

WordCounts CountWordCounts(std::vector<std::int32_t> words) {
  WordCounts counts;
  if (words.empty()) return counts;
  std::sort(words.begin(), words.end());
  counts.least = words.front();
  counts.most = words.back();
  for (std::size_t i = 0; i < kPercents.size(); ++i) {
    const std::size_t rank = (kPercents[i] * words.size() + 99) / 100;
    counts.at[i] = words[rank - 1];
  }
  counts.empty = std::count(words.begin(), words.end(), 0);
  return counts;
}

SharedItems Compare(const Scan& scan, std::size_t first, std::size_t second,
                    const std::vector<std::vector<std::int32_t>>& images,
                    const std::vector<ImageCheck>& checks) {
  SharedItems shared;
  shared.first = first;
  shared.second = second;
  std::unordered_set<std::string_view> ids(scan.splits[first].ids.begin(),
                                           scan.splits[first].ids.end());
  for (const std::string& id : scan.splits[second].ids) {
    // Taken out when met, so that a repeated id counts once.
    if (ids.erase(id) > 0) shared.ids.push_back(id);
  }
  std::unordered_map<std::string_view, std::int32_t> contents;
  for (const std::int32_t row : images[first]) {
    if (!checks[row].sha256.empty()) contents.emplace(checks[row].sha256, row);
  }
  for (const std::int32_t row : images[second]) {
    if (std::binary_search(images[first].begin(), images[first].end(), row)) {
      shared.images.push_back(scan.images[row]);
      continue;
    }
    const auto twin = contents.find(checks[row].sha256);
    if (twin != contents.end()) {
      shared.copies.push_back(scan.images[twin->second] + " = " +
                              scan.images[row]);
    }
  }
  return shared;
}

}  // namespace

SplitSummary Summarise(const Scan& scan, const ScannedSplit& split,
                       const std::vector<ImageCheck>& checks) {
  SplitSummary summary;
  summary.examples = static_cast<std::int64_t>(split.ids.size());
  summary.repeated_ids = RepeatedIds(split);
  summary.words = CountWordCounts(split.words);
  const std::vector<std::int32_t> rows = DistinctImages(split);
  summary.images = static_cast<std::int64_t>(rows.size());
  for (const std::int32_t row : rows) {
    const ImageCheck& check = checks[row];
    if (check.state == ImageCheck::State::kMissing) {
      summary.missing.push_back(scan.images[row]);
    } else if (check.state == ImageCheck::State::kUnreadable) {
      summary.unreadable.push_back({scan.images[row], check.reason});
    }
  }
  return summary;
}

std::vector<SharedItems> FindShared(const Scan& scan,
                                    const std::vector<ImageCheck>& checks) {
  std::vector<std::vector<std::int32_t>> images;
  for (const ScannedSplit& split : scan.splits) {
    images.push_back(DistinctImages(split));
  }
  std::vector<SharedItems> all;
  for (std::size_t i = 0; i < scan.splits.size(); ++i) {
    for (std::size_t j = i + 1; j < scan.splits.size(); ++j) {
      SharedItems shared = Compare(scan, i, j, images, checks);
      if (shared.ids.size() + shared.images.size() + shared.copies.size() > 0) {
        all.push_back(std::move(shared));
      }
    }
  }
  return all;
}

}  // namespace msdbench
