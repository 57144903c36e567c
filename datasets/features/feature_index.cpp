#include "datasets/features/feature_index.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <tuple>
#include <utility>

#include "datasets/image/pixel_rows.h"
#include "reports/error.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

bool AreDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

std::string_view LastPart(std::string_view name) {
  return name.substr(name.rfind('_') + 1);  // npos + 1 = 0: all of it
}

// COCO's names: "COCO_train2014_000000458752" or the digits alone.
constexpr std::size_t kCocoDigits = 12;
bool AreCocoDigits(std::string_view text) {
  return text.size() == kCocoDigits && AreDigits(text);
}
bool IsCocoName(std::string_view name) {
  return name.substr(0, 5) == "COCO_" && AreCocoDigits(LastPart(name));
}

std::string Lower(std::string text) {
  for (char& c : text) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

// The ending of a name where it is one of `known`, lower-case; cut off it.
template <std::size_t N>
std::string TakeEnding(std::string& name,
                       const std::array<std::string_view, N>& known) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || dot == 0 || name[dot - 1] == '/') return "";
  const std::string ending = Lower(name.substr(dot));
  if (std::find(known.begin(), known.end(), ending) == known.end()) return "";
  name.resize(dot);
  return ending;
}

constexpr std::array<std::string_view, 1> kArrayEndings = {".npy"};
// Those that MMF tries, and .gif.
constexpr std::array<std::string_view, 11> kImageEndings = {
    ".jpg", ".jpeg", ".png",  ".ppm", ".bmp", ".pgm",
    ".tif", ".tiff", ".webp", ".jpe", ".gif"};

// Python's str() of bytes, which converters write by mistake.
std::string WithoutQuotes(const std::string& name) {
  if (name.size() < 3 || name[0] != 'b') return name;
  const char quote = name[1];
  if ((quote != '\'' && quote != '"') || name.back() != quote) return name;
  return name.substr(2, name.size() - 3);
}

// "a/./b" -> {"a", "b"}.
std::vector<std::string> PartsOf(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t end = std::min(path.find('/', from), path.size());
    const std::string part = path.substr(from, end - from);
    if (!part.empty() && part != ".") parts.push_back(part);
    from = end + 1;
  }
  return parts;
}

bool AreOneFile(const fs::path& a, const fs::path& b) {
  std::error_code ignored;  // neither need be there
  return a.lexically_normal() == b.lexically_normal() ||
         fs::equivalent(a, b, ignored);
}

}  // namespace

std::vector<std::string> NumberNames(const std::string& name) {
  const std::string digits(LastPart(name));
  if (!AreDigits(digits)) return {};
  const std::size_t first = digits.find_first_not_of('0');
  std::vector<std::string> names = {
      first == digits.npos ? "0" : digits.substr(first)};
  if (IsCocoName(name)) names.push_back(digits);
  names.erase(std::remove(names.begin(), names.end(), name), names.end());
  return names;
}

std::string FeatureIndex::NameOf(const fs::path& image) {
  return image.stem().string();
}

FeatureIndex::FeatureIndex(const std::vector<std::string>& entries,
                           std::string source)
    : source_(std::move(source)) {
  for (const std::string& name : entries) {
    Entry entry;
    entry.name = name;
    std::string path = WithoutQuotes(name);
    TakeEnding(path, kArrayEndings);
    entry.ending = TakeEnding(path, kImageEndings);
    entry.folders = PartsOf(path);
    if (!entry.folders.empty()) {
      const std::string last = std::move(entry.folders.back());
      entry.folders.pop_back();
      by_name_.emplace(last, entries_.size());
      if (IsCocoName(last)) {
        by_coco_number_.emplace(LastPart(last), entries_.size());
      }
    }
    entries_.push_back(std::move(entry));
  }
}

std::optional<std::size_t> FeatureIndex::Best(
    const std::vector<std::size_t>& rows, const fs::path& image) const {
  if (rows.empty()) return std::nullopt;
  if (rows.size() == 1) return rows.front();
  const std::vector<std::string> folders =
      PartsOf(image.parent_path().generic_string());
  const std::string ending = Lower(image.extension().string());
  const auto shared = [&](std::size_t row) {
    const Entry& entry = entries_[row];
    const auto [end, unused] =
        std::mismatch(entry.folders.rbegin(), entry.folders.rend(),
                      folders.rbegin(), folders.rend());
    return std::make_tuple(end - entry.folders.rbegin(),
                           entry.ending == ending);
  };
  const auto best = *std::max_element(
      rows.begin(), rows.end(),
      [&](std::size_t a, std::size_t b) { return shared(a) < shared(b); });
  for (const std::size_t row : rows) {
    if (row == best || shared(row) < shared(best)) continue;
    // In the store's order, so that the message is always the same.
    throw DataError(fmt::format(
        "{}: two entries fit image {} equally well: \"{}\" and \"{}\"; an "
        "image's entry is wanted once",
        source_, image.filename().string(), entries_[std::min(row, best)].name,
        entries_[std::max(row, best)].name));
  }
  return best;
}

std::optional<FeatureIndex::Place> FeatureIndex::Find(
    const fs::path& image) const {
  const std::string name = NameOf(image);
  std::vector<std::size_t> rows;
  const auto add = [&](const Rows& from, const std::string& key) {
    const auto [first, last] = from.equal_range(key);
    for (auto place = first; place != last; ++place) {
      rows.push_back(place->second);
    }
  };
  add(by_name_, name);
  if (const auto row = Best(rows, image)) return Place{*row, false};
  // The numbers of an HDF5 file's rows are no names.
  if (ParsePixelRowPath(image)) return std::nullopt;
  for (const std::string& number : NumberNames(name)) add(by_name_, number);
  if (AreCocoDigits(name)) add(by_coco_number_, name);
  if (const auto row = Best(rows, image)) return Place{*row, true};
  return std::nullopt;
}

FeatureIndex::Places FeatureIndex::FindAll(
    const std::vector<fs::path>& images) const {
  Places places;
  places.entries.reserve(images.size());
  std::vector<const fs::path*> image_of(entries_.size(), nullptr);
  std::vector<const fs::path*> missing;
  std::size_t shared = 0;
  std::pair<const fs::path*, const fs::path*> first_pair;
  std::size_t shared_entry = 0;
  for (const fs::path& image : images) {
    const auto place = Find(image);
    if (!place) {
      missing.push_back(&image);
      continue;
    }
    const fs::path*& known = image_of[place->entry];
    if (known == nullptr) {
      known = &image;
    } else if (!AreOneFile(*known, image) && ++shared == 1) {
      first_pair = {known, &image};
      shared_entry = place->entry;
    }
    places.entries.push_back(place->entry);
    places.by_number += place->by_number ? 1 : 0;
  }
  if (!missing.empty()) {
    const std::string name = NameOf(*missing.front());
    const std::vector<std::string> numbers = NumberNames(name);
    throw DataError(fmt::format(
        "{}: no features of {} of {} images, the first: no entry \"{}\"{}",
        source_, missing.size(), images.size(), name,
        numbers.empty()
            ? ""
            : fmt::format(" or \"{}\"", fmt::join(numbers, "\" or \""))));
  }
  if (shared > 0) {
    const auto names =
        NamesBelowCommonFolder({*first_pair.first, *first_pair.second});
    throw DataError(fmt::format(
        "{}: images {} and {} would share one entry, \"{}\"{}; each image "
        "needs its own, under its file's name",
        source_, names[0], names[1], entries_[shared_entry].name,
        shared == 1 ? "" : fmt::format(" (and {} more images)", shared - 1)));
  }
  return places;
}

std::vector<std::string> NamesBelowCommonFolder(
    const std::vector<fs::path>& images) {
  std::vector<std::vector<std::string>> parts;
  parts.reserve(images.size());
  std::size_t common = 0;
  for (const fs::path& image : images) {
    parts.push_back(PartsOf(image.lexically_normal().generic_string()));
    const std::vector<std::string>& one = parts.front();
    const std::vector<std::string>& other = parts.back();
    const std::size_t folders = std::max<std::size_t>(other.size(), 1) - 1;
    if (parts.size() == 1) common = folders;
    std::size_t same = 0;
    while (same < std::min(common, folders) && one[same] == other[same]) {
      ++same;
    }
    common = same;
  }
  std::vector<std::string> names;
  names.reserve(images.size());
  for (const std::vector<std::string>& path : parts) {
    names.push_back(fmt::format(
        "{}", fmt::join(path.begin() + static_cast<std::ptrdiff_t>(common),
                        path.end(), "/")));
  }
  return names;
}

}  // namespace msdbench
