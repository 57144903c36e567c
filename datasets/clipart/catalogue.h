// The pictures of the Open Clip Art packages with their words, each once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace msdbench {

struct ClipartItem {
  std::string name;   // "animals/birds/owl", the first of equal pictures
  std::string title;  // empty without one of its own
  // Items of one group must not be torn apart: they have had the same title.
  std::string group;
  std::vector<std::string> keywords;  // as CleanKeywords gives them
  std::vector<int> labels;            // into ClipartCatalogue::labels, sorted
  std::string png;                    // the picture, encoded
};

struct ClipartCatalogue {
  std::vector<ClipartItem> items;   // sorted by name
  std::vector<std::string> labels;  // see vocabulary.h
  // What was left out and why, a line each, sorted: reason -> files.
  std::map<std::string, std::vector<std::string>> dropped;
};

struct ClipartSource {
  std::filesystem::path folder;  // with png/ and svg/
  std::uint64_t seed = 0;
  std::int64_t limit = 0;  // look at so many pairs, drawn by seed; 0 = all
  // Told the share of the pictures read, from any thread; may be empty.
  std::function<void(double)> progress;
};

// Pictures that are equal when decoded become one item with all their keywords.
// A title that stands on more than kTitlePictures pictures names a collection:
// those pictures have no title, and kGroupPictures of them are kept, drawn by
// seed. Every item has a label. Throws DataError when no labels are left.
inline constexpr int kTitlePictures = 10, kGroupPictures = 24;
ClipartCatalogue ReadClipart(const ClipartSource& source);

}  // namespace msdbench
