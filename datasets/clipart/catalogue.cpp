#include "datasets/clipart/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <unordered_map>
#include <utility>

#include "datasets/clipart/pairs.h"
#include "datasets/clipart/picture.h"
#include "datasets/clipart/svg_metadata.h"
#include "datasets/clipart/vocabulary.h"
#include "datasets/clipart/words.h"
#include "reports/digest.h"
#include "reports/error.h"
#include "reports/json_file.h"
#include "reports/parallel_for.h"
#include "reports/random.h"

namespace msdbench {
namespace {

constexpr char kBrokenSvg[] = "its SVG is broken";
constexpr char kBrokenPng[] = "its PNG is broken or blank";
constexpr char kCopy[] = "the same picture as another file";
constexpr char kCollection[] = "too many pictures have this title";
constexpr char kNoLabel[] = "no keyword among the labels";

// One pair of files; `fault` is empty when both could be read.
struct ReadPair {
  ClipartItem item;
  std::string digest;  // of the decoded picture
  const char* reason = "";
  std::string fault;
};

std::string PictureDigest(const Image& image) {
  Sha256 digest;
  digest.Update(fmt::format("{}x{}:", image.width, image.height));
  return digest.Update(image.rgb.data(), image.rgb.size()).Hex();
}

ReadPair ReadOne(const ClipartSource& source, const std::string& name) {
  ReadPair read;
  read.item.name = name;
  read.reason = kBrokenSvg;
  try {
    const SvgMetadata metadata = ReadSvgMetadata(
        ReadTextFile(ClipartSvg(source.folder, name)), "svg/" + name + ".svg");
    read.item.title = CleanTitle(metadata.title);
    read.item.keywords = CleanKeywords(metadata, name);
    read.reason = kBrokenPng;
    const Image image = ReadClipartPicture(ClipartPng(source.folder, name),
                                           "png/" + name + ".png");
    read.digest = PictureDigest(image);
    read.item.png = EncodePng(image);
  } catch (const Error& error) {
    if (error.code() != ExitCode::kData) throw;
    read.fault = error.what();
  }
  return read;
}

std::vector<std::string> Limited(std::vector<std::string> names,
                                 const ClipartSource& source) {
  const auto limit = static_cast<std::size_t>(source.limit);
  if (limit == 0 || limit >= names.size()) return names;
  Random(source.seed, "clipart limit").Shuffle(names);
  names.resize(limit);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<ReadPair> ReadAll(const ClipartSource& source,
                              const std::vector<std::string>& names) {
  std::vector<ReadPair> pairs(names.size());
  std::atomic<std::size_t> done{0};
  ParallelFor(names.size(), ThreadsFor(names.size() / 16), [&](std::size_t i) {
    pairs[i] = ReadOne(source, names[i]);
    if (source.progress) {
      source.progress(static_cast<double>(++done) /
                      static_cast<double>(names.size()));
    }
  });
  return pairs;
}

void Merge(ClipartItem& kept, const ClipartItem& copy) {
  if (kept.title.empty()) kept.title = copy.title;
  std::vector<std::string> both;
  std::set_union(kept.keywords.begin(), kept.keywords.end(),
                 copy.keywords.begin(), copy.keywords.end(),
                 std::back_inserter(both));
  kept.keywords = std::move(both);
}

std::vector<ClipartItem> MergeCopies(std::vector<ReadPair> pairs,
                                     ClipartCatalogue& catalogue) {
  std::vector<ClipartItem> items;
  std::unordered_map<std::string, std::size_t> by_digest;
  for (ReadPair& pair : pairs) {
    if (!pair.fault.empty()) {
      catalogue.dropped[pair.reason].push_back(pair.fault);
      continue;
    }
    const auto [entry, is_new] = by_digest.emplace(pair.digest, items.size());
    if (is_new) {
      items.push_back(std::move(pair.item));
    } else {
      Merge(items[entry->second], pair.item);
      catalogue.dropped[kCopy].push_back(pair.item.name);
    }
  }
  return items;
}

// Sets the groups and takes away the titles that name collections.
void JudgeTitles(std::vector<ClipartItem>& items) {
  std::unordered_map<std::string, int> pictures;
  for (ClipartItem& item : items) {
    // No title looks like a path, since a path's key starts with a '/'.
    item.group = item.title.empty() ? "/" + item.name : TitleKey(item.title);
    ++pictures[item.group];
  }
  for (ClipartItem& item : items) {
    if (pictures[item.group] > kTitlePictures) item.title.clear();
  }
}

// Keeps the items that `keep` wants and names the others.
template <typename Keep>
void DropUnless(ClipartCatalogue& catalogue, const char* reason,
                const Keep& keep) {
  std::vector<ClipartItem> kept;
  for (std::size_t i = 0; i < catalogue.items.size(); ++i) {
    ClipartItem& item = catalogue.items[i];
    if (keep(i)) {
      kept.push_back(std::move(item));
    } else {
      catalogue.dropped[reason].push_back(item.name);
    }
  }
  catalogue.items = std::move(kept);
}

void ThinCollections(ClipartCatalogue& catalogue, std::uint64_t seed) {
  std::vector<std::size_t> order(catalogue.items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  Random(seed, "clipart collections").Shuffle(order);
  std::unordered_map<std::string, int> taken;
  std::vector<bool> keep(order.size());
  for (const std::size_t i : order) {
    keep[i] = ++taken[catalogue.items[i].group] <= kGroupPictures;
  }
  DropUnless(catalogue, kCollection, [&](std::size_t i) { return keep[i]; });
}

}  // namespace

ClipartCatalogue ReadClipart(const ClipartSource& source) {
  ClipartPairs pairs = FindClipartPairs(source.folder);
  ClipartCatalogue catalogue;
  catalogue.dropped["no PNG of that name"] = std::move(pairs.without_png);
  catalogue.dropped["no SVG of that name"] = std::move(pairs.without_svg);
  catalogue.items = MergeCopies(
      ReadAll(source, Limited(std::move(pairs.names), source)), catalogue);
  JudgeTitles(catalogue.items);
  ThinCollections(catalogue, source.seed);
  catalogue.labels = LabelItems(catalogue.items);
  if (catalogue.labels.size() < 2) {
    throw DataError(fmt::format(
        "{}: {} pictures are too few for labels: at least two keywords must "
        "stand on {} of them each; take a larger --limit",
        source.folder.string(), catalogue.items.size(), kLeastGroups));
  }
  DropUnless(catalogue, kNoLabel,
             [&](std::size_t i) { return !catalogue.items[i].labels.empty(); });
  for (auto reason = catalogue.dropped.begin();
       reason != catalogue.dropped.end();) {
    std::sort(reason->second.begin(), reason->second.end());
    reason = reason->second.empty() ? catalogue.dropped.erase(reason)
                                    : std::next(reason);
  }
  return catalogue;
}

}  // namespace msdbench
