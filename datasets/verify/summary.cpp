#include "datasets/verify/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

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

// 0 for train, then dev, test, and any other.
int RankOf(const std::string& split) {
  const std::array<std::pair<const char*, int>, 4> ranks = {
      {{"train", 0}, {"dev", 1}, {"val", 1}, {"test", 2}}};
  for (const auto& [start, rank] : ranks) {
    if (split.rfind(start, 0) == 0) return rank;
  }
  return 3;
}

// The first row of the same bytes, for each picture.
std::vector<std::int32_t> ContentsOf(const std::vector<ImageCheck>& checks) {
  std::unordered_map<std::string_view, std::int32_t> rows;
  std::vector<std::int32_t> contents;
  for (const ImageCheck& check : checks) {
    const auto row = static_cast<std::int32_t>(contents.size());
    contents.push_back(check.sha256.empty()
                           ? row
                           : rows.emplace(check.sha256, row).first->second);
  }
  return contents;
}

// Of the pictures of one split, by content: names (rows) and examples.
struct Shown {
  std::set<std::int32_t> names;
  std::vector<std::size_t> examples;
};
using Pictures = std::map<std::int32_t, Shown>;

Pictures PicturesOf(const ScannedSplit& split,
                    const std::vector<std::int32_t>& contents) {
  Pictures pictures;
  for (std::size_t i = 0; i < split.images.size(); ++i) {
    Shown& shown = pictures[contents[split.images[i]]];
    shown.names.insert(split.images[i]);
    shown.examples.push_back(i);
  }
  return pictures;
}

std::vector<std::string> NamesOf(const Scan& scan, const Shown& shown) {
  std::vector<std::string> names;
  for (const std::int32_t row : shown.names) names.push_back(scan.images[row]);
  std::sort(names.begin(), names.end());
  return names;
}

// Content of the picture and row of the text.
using Pair = std::pair<std::int32_t, std::int32_t>;

void FindCopies(const Scan& scan, const ScannedSplit& split,
                const Pictures& pictures, bool one_example_a_picture,
                SplitSummary& summary) {
  for (const auto& [content, shown] : pictures) {
    if (shown.names.size() < 2) continue;
    std::set<std::int32_t> answers;
    for (const std::size_t i : shown.examples) answers.insert(split.answers[i]);
    answers.erase(-1);
    summary.copied.push_back(
        {NamesOf(scan, shown), one_example_a_picture && answers.size() > 1});
  }
}

void FindContradictions(const Scan& scan, const ScannedSplit& split,
                        const Pictures& pictures, SplitSummary& summary) {
  for (const auto& [content, shown] : pictures) {
    if (shown.examples.size() < 2) continue;
    // By text, the first example of each answer.
    std::map<std::int32_t, std::map<std::int32_t, std::size_t>> answers;
    for (const std::size_t i : shown.examples) {
      if (split.answers[i] < 0) continue;
      answers[split.texts[i]].emplace(split.answers[i], i);
    }
    for (const auto& [text, examples] : answers) {
      if (examples.size() < 2) continue;
      std::map<std::size_t, std::int32_t> by_example;
      for (const auto& [answer, example] : examples) {
        by_example.emplace(example, answer);
      }
      std::string line;
      for (const auto& [example, answer] : by_example) {
        line += fmt::format("{}{}: {}", line.empty() ? "" : ", ",
                            split.ids[example], scan.answers[answer]);
      }
      summary.contradictions.push_back(std::move(line));
    }
  }
}

SharedItems Compare(const Scan& scan, std::size_t first, std::size_t second,
                    const std::vector<Pictures>& pictures,
                    const std::vector<std::int32_t>& contents) {
  const ScannedSplit &a = scan.splits[first], &b = scan.splits[second];
  SharedItems shared;
  shared.first = first;
  shared.second = second;
  std::unordered_set<std::string_view> ids(a.ids.begin(), a.ids.end());
  for (const std::string& id : b.ids) {
    // Taken out when met, so that a repeated id counts once.
    if (ids.erase(id) > 0) shared.ids.push_back(id);
  }
  for (const auto& [content, shown] : pictures[second]) {
    const auto other = pictures[first].find(content);
    if (other == pictures[first].end()) continue;
    shared.pictures.push_back(
        {NamesOf(scan, other->second), NamesOf(scan, shown),
         static_cast<std::int64_t>(other->second.examples.size()),
         static_cast<std::int64_t>(shown.examples.size())});
  }
  std::unordered_set<std::int32_t> texts(a.texts.begin(), a.texts.end());
  texts.erase(-1);
  std::set<std::int32_t> met;
  std::set<Pair> pairs;
  for (std::size_t i = 0; i < a.ids.size(); ++i) {
    pairs.emplace(contents[a.images[i]], a.texts[i]);
  }
  for (std::size_t i = 0; i < b.ids.size(); ++i) {
    if (texts.count(b.texts[i]) > 0) {
      ++shared.text_examples;
      met.insert(b.texts[i]);
    }
    if (pairs.count({contents[b.images[i]], b.texts[i]}) > 0) {
      shared.pairs.push_back(b.ids[i]);
    }
  }
  for (const std::int32_t row : met) shared.texts.push_back(scan.texts[row]);
  return shared;
}

}  // namespace

std::int64_t SharedItems::SecondNames() const {
  std::int64_t names = 0;
  for (const SharedPicture& picture : pictures) {
    names += static_cast<std::int64_t>(picture.second_names.size());
  }
  return names;
}

std::int64_t SharedItems::SecondExamples() const {
  std::int64_t examples = 0;
  for (const SharedPicture& picture : pictures) {
    examples += picture.second_examples;
  }
  return examples;
}

SplitSummary Summarise(const Scan& scan, const ScannedSplit& split,
                       const std::vector<ImageCheck>& checks,
                       bool one_example_a_picture) {
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
  const Pictures pictures = PicturesOf(split, ContentsOf(checks));
  FindCopies(scan, split, pictures, one_example_a_picture, summary);
  FindContradictions(scan, split, pictures, summary);
  return summary;
}

std::vector<SharedItems> FindShared(const Scan& scan,
                                    const std::vector<ImageCheck>& checks) {
  const std::vector<std::int32_t> contents = ContentsOf(checks);
  std::vector<Pictures> pictures;
  std::vector<std::size_t> order;
  for (const ScannedSplit& split : scan.splits) {
    order.push_back(pictures.size());
    pictures.push_back(PicturesOf(split, contents));
  }
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return RankOf(scan.splits[a].name) < RankOf(scan.splits[b].name);
      });
  std::vector<SharedItems> all;
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      SharedItems shared =
          Compare(scan, order[i], order[j], pictures, contents);
      if (shared.ids.size() + shared.pictures.size() + shared.texts.size() >
          0) {
        all.push_back(std::move(shared));
      }
    }
  }
  return all;
}

}  // namespace msdbench
