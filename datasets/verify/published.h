// The sizes of the four data sets as their authors published them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace msdbench {

struct PublishedSplit {
  std::string format, split;
  std::int64_t examples = 0;
  std::int64_t images = 0;  // 0 = not published
  // Examples of each label; empty = not published.
  std::map<std::string, std::int64_t> labels;
};

const std::vector<PublishedSplit>& PublishedSplits();

// Null when nothing was published of a split with that name.
const PublishedSplit* FindPublished(const std::string& format,
                                    const std::string& split);

// Whether the authors have a split of that name, with sizes or without.
bool IsPublished(const std::string& format, const std::string& split);

// Where the numbers come from, in a line.
std::string PublishedSource(const std::string& format);

}  // namespace msdbench
