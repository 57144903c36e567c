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

// A picture that stands in a split under two or more names, equal in every
// byte.
struct CopiedPicture {
  std::vector<std::string> names;
  // Of data sets where a picture is one example's: they are not answered alike.
  bool answers_differ = false;
};

struct SplitSummary {
  std::int64_t examples = 0, images = 0;  // images: distinct
  std::vector<std::string> repeated_ids;  // each once
  std::vector<std::string> missing;
  std::vector<UnreadableImage> unreadable;
  WordCounts words;
  std::vector<CopiedPicture> copied;
  // "ID: ANSWER, ID: ANSWER": the same picture (by its bytes) and the same
  // text, answered differently; a line for each such picture and text.
  std::vector<std::string> contradictions;
};

// `one_example_a_picture`: what two names of one picture are answered with is
// compared (memes, films); else a picture has several texts.
SplitSummary Summarise(const Scan& scan, const ScannedSplit& split,
                       const std::vector<ImageCheck>& checks,
                       bool one_example_a_picture);

// A picture of two splits: the same name, or the same bytes where they were
// read.
struct SharedPicture {
  std::vector<std::string> first_names, second_names;
  std::int64_t first_examples = 0, second_examples = 0;  // that show it
};

// What two splits have in common: a leak where one of them is trained on.
struct SharedItems {
  // In Scan::splits; `first` is the earlier one, of train, dev, test.
  std::size_t first = 0, second = 0;
  std::vector<std::string> ids;
  std::vector<SharedPicture> pictures;  // distinct
  std::vector<std::string> texts;       // distinct
  std::int64_t text_examples = 0;       // of the second, with one of `texts`
  // Ids of the second's examples of which the first has both picture and text
  // in one.
  std::vector<std::string> pairs;

  std::int64_t SecondNames() const;     // of `pictures`
  std::int64_t SecondExamples() const;  // that show one of them
};

// All pairs of splits that share anything, train's first.
std::vector<SharedItems> FindShared(const Scan& scan,
                                    const std::vector<ImageCheck>& checks);

}  // namespace msdbench
