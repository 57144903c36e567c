#include "datasets/mm_imdb_hdf5.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "datasets/image/pixel_rows.h"
#include "datasets/label_set.h"
#include "datasets/mm_imdb_words.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

using Kind = Hdf5File::Kind;

constexpr std::int64_t kReleaseRows = 25959;
constexpr std::int64_t kBlockRows = 512;
// A file may announce more rows than it stores, and readers make room for them.
constexpr std::int64_t kMostRows = 1'000'000, kMostGenres = 100;

}  // namespace

MmImdbHdf5::MmImdbHdf5(const fs::path& folder)
    : folder_(folder), file_(folder / kMmImdbHdf5) {
  CheckShapes();
  ReadGenreNames();
  ReadSplits();
  ids_ = file_.ReadTexts("imdb_ids", 0, rows_);
  marks_.resize(static_cast<std::size_t>(rows_ * columns_));
  file_.ReadIntegers("genres", 0, rows_, marks_.size(), marks_.data());
  if (!IsThere(folder / kMmImdbWords)) {
    throw DataError(
        fmt::format("{}: {} must lie beside it: the words of the "
                    "texts are there",
                    file_.name(), kMmImdbWords));
  }
  words_ = ReadMmImdbWords(folder / kMmImdbWords);
}

void MmImdbHdf5::CheckShapes() {
  const std::int64_t ids = file_.Expect("imdb_ids", Kind::kTexts, 1)[0];
  const std::int64_t lists =
      file_.Expect("sequences", Kind::kIntegerLists, 1)[0];
  const auto genres = file_.Expect("genres", Kind::kIntegers, 2);
  const auto images = file_.Expect("images", Kind::kIntegers, 4);
  rows_ = ids;
  columns_ = genres[1];
  for (const auto& [set, rows] : {std::pair{"sequences", lists},
                                  {"genres", genres[0]},
                                  {"images", images[0]}}) {
    if (rows == rows_) continue;
    throw DataError(
        fmt::format("{}: data set \"{}\" has {} rows, \"imdb_ids\" {}",
                    file_.name(), set, rows, rows_));
  }
  if (rows_ > kMostRows || columns_ > kMostGenres) {
    throw DataError(fmt::format("{}: {} films of {} genres, allowed: {} of {}",
                                file_.name(), rows_, columns_, kMostRows,
                                kMostGenres));
  }
  if (images[1] != 3) {
    throw DataError(
        fmt::format("{}: data set \"images\" is {}, expected rows "
                    "x 3 x height x width",
                    file_.name(), fmt::join(images, " x ")));
  }
}

void MmImdbHdf5::ReadGenreNames() {
  const std::string source =
      file_.name() + ": attribute \"target_names\" of \"genres\"";
  const auto text = file_.TextAttribute("genres", "target_names");
  if (!text) throw DataError(source + " is missing");
  const Json names = ParseJson(*text, source);
  bool fits = names.is_array();
  for (const Json& name : names) fits = fits && name.is_string();
  if (!fits) throw DataError(source + ": must be an array of strings");
  genres_ = names.get<std::vector<std::string>>();
  CheckLabels(genres_, source, ExitCode::kData);
  if (static_cast<std::int64_t>(genres_.size()) != columns_) {
    throw DataError(fmt::format("{}: {} names for the {} columns of \"genres\"",
                                source, genres_.size(), columns_));
  }
}

void MmImdbHdf5::ReadSplits() {
  if (rows_ == kReleaseRows) {
    splits_ = {{"train", 0, 15552},
               {"dev", 15552, 18160},
               {"test", 18160, kReleaseRows}};
    return;
  }
  const auto table = file_.FuelSplits();
  if (!table) {
    throw DataError(fmt::format(
        "{}: {} films, not the release's {}, and no attribute \"split\" at its "
        "root (Fuel's) that tells train, dev and test",
        file_.name(), rows_, kReleaseRows));
  }
  constexpr std::array kSets = {"images", "imdb_ids", "sequences", "genres"};
  std::map<std::string, std::map<std::string, Range>> found;
  for (const auto& part : *table) {
    const auto& name = part.split;
    if (std::find(kSets.begin(), kSets.end(), part.source) == kSets.end()) {
      continue;
    }
    if (part.has_indices || part.start < 0 || part.stop < part.start ||
        part.stop > rows_) {
      throw DataError(fmt::format(
          "{}: split {} of \"{}\" is {}, expected a range of its {} rows",
          file_.name(), name, part.source,
          part.has_indices ? "a list of rows"
                           : fmt::format("{} to {}", part.start, part.stop),
          rows_));
    }
    found[name][part.source] = {name, part.start, part.stop};
  }
  for (const auto& [name, sources] : found) {
    const auto images = sources.find("images");
    for (const char* set : kSets) {
      const auto other = sources.find(set);
      if (other == sources.end() ||
          other->second.begin != images->second.begin ||
          other->second.end != images->second.end) {
        throw DataError(fmt::format(
            "{}: split {} has no \"{}\" or other rows of it than of \"images\"",
            file_.name(), name, set));
      }
    }
    splits_.push_back(images->second);
  }
  std::sort(splits_.begin(), splits_.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
}

std::vector<std::string> MmImdbHdf5::Notes() const {
  std::vector<std::string> notes = {
      fmt::format(
          "read from {}: texts are the authors' normalised words of a film's "
          "longest plot (plot does not apply)",
          kMmImdbHdf5),
      "pictures are those that the authors cropped and scaled, exact but that "
      "104 (blue), 117 (green) and 124 (red) may each be one less"};
  std::vector<std::string> ours = genres_, official = MmImdbGenres();
  std::sort(ours.begin(), ours.end());
  std::sort(official.begin(), official.end());
  if (ours != official) {
    notes.push_back(fmt::format("its genres are not the authors' 23: {}",
                                fmt::join(genres_, ", ")));
  }
  return notes;
}

void MmImdbHdf5::Fail(const char* set, std::int64_t row,
                      const std::string& what) const {
  throw DataError(fmt::format("{}: data set \"{}\": row {}: {}", file_.name(),
                              set, row, what));
}

const std::vector<std::int32_t>& MmImdbHdf5::Sequence(std::int64_t row) {
  const auto size = static_cast<std::int64_t>(block_.size());
  if (row < block_begin_ || row >= block_begin_ + size) {
    const std::int64_t rows = std::min(kBlockRows, rows_ - row);
    try {
      block_ = file_.ReadLists("sequences", row, rows);
    } catch (const Error&) {
      // One of them is damaged: the others can still be read alone.
      block_ = file_.ReadLists("sequences", row, 1);
    }
    block_begin_ = row;
  }
  return block_[static_cast<std::size_t>(row - block_begin_)];
}

MmImdbFilm MmImdbHdf5::Film(std::int64_t row) {
  MmImdbFilm film;
  film.id = ids_[static_cast<std::size_t>(row)];
  film.image = PixelRowPath({folder_ / kMmImdbHdf5, row});
  if (film.id.empty() ||
      !std::all_of(film.id.begin(), film.id.end(),
                   [](char c) { return c > ' ' && c <= '~'; })) {
    Fail("imdb_ids", row, "holds no id");
  }
  for (const std::int32_t number : Sequence(row)) {
    if (number < 0 || static_cast<std::size_t>(number) >= words_.size()) {
      Fail("sequences", row,
           fmt::format("word {} is not one of the {} of {}", number,
                       words_.size(), kMmImdbWords));
    }
    if (!film.text.empty()) film.text += ' ';
    film.text += words_[static_cast<std::size_t>(number)];
  }
  for (std::int64_t column = 0; column < columns_; ++column) {
    const std::int32_t mark =
        marks_[static_cast<std::size_t>(row * columns_ + column)];
    if (mark != 0 && mark != 1) {
      Fail("genres", row,
           fmt::format("{} in column {}, expected 0 or 1", mark, column));
    }
    if (mark == 1) {
      film.genres.push_back(genres_[static_cast<std::size_t>(column)]);
    }
  }
  return film;
}

}  // namespace msdbench
