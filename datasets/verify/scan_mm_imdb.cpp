#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

#include "datasets/mm_imdb_files.h"
#include "datasets/mm_imdb_hdf5.h"
#include "datasets/verify/scan.h"

namespace msdbench {
namespace {

void AddFilm(Scan& scan, ScannedSplit& split, MmImdbFilm film) {
  Example example;
  example.id = std::move(film.id);
  example.text = std::move(film.text);
  example.image = std::move(film.image);
  // Given twice, a genre is still one.
  const std::set<std::string> genres(film.genres.begin(), film.genres.end());
  for (const std::string& genre : genres) ++split.labels[genre];
  scan.Add(
      split, example,
      genres.empty() ? "(none)" : fmt::format("{}", fmt::join(genres, ", ")));
}

void ScanFilm(Scan& scan, ScannedSplit& split,
              const std::filesystem::path& folder, const std::string& id) {
  try {
    const auto path = folder / MmImdbFilmFile(id);
    const std::string file = path.string();
    const Json json = ReadJsonFile(path);
    scan.record_files.push_back(NameBelow(scan, path));
    AddFilm(scan, split,
            ParseMmImdbFilm(JsonRecord(json, file), folder, id, Plot::kFirst));
  } catch (const Error& error) {
    split.faults.push_back(error.what());
  }
}

void ScanJsonRelease(Scan& scan, const std::filesystem::path& folder) {
  scan.label_names = ScanLabels(scan, {folder, scan.root}, MmImdbGenres());
  const auto file = folder / "split.json";
  scan.more_files.push_back(NameBelow(scan, file));
  try {
    const std::string name = file.string();
    const Json json = ReadJsonFile(file);
    const JsonRecord splits(json, name);
    std::vector<std::string> names;
    for (const auto& item : json.items()) names.push_back(item.key());
    const auto place = [](const std::string& split) {
      return split + " in split.json";
    };
    for (std::string& known : SplitsAmong(scan, "mm_imdb", names, place)) {
      ScannedSplit split;
      split.name = std::move(known);
      try {
        for (const std::string& id : ReadMmImdbSplit(splits, split.name)) {
          ScanFilm(scan, split, folder, id);
        }
      } catch (const Error& error) {
        split.faults.push_back(error.what());
      }
      scan.splits.push_back(std::move(split));
    }
  } catch (const Error& error) {
    scan.faults.push_back(error.what());
  }
}

void ScanHdf5Release(Scan& scan, const std::filesystem::path& folder) {
  std::vector<std::string> genres = MmImdbGenres();
  scan.picture_files.push_back(NameBelow(scan, folder / kMmImdbHdf5));
  try {
    MmImdbHdf5 release(folder);
    scan.more_files.push_back(NameBelow(scan, folder / kMmImdbWords));
    genres = release.genres();
    scan.notes = release.Notes();
    for (const MmImdbHdf5::Range& range : release.splits()) {
      ScannedSplit split;
      split.name = range.name;
      for (std::int64_t row = range.begin; row < range.end; ++row) {
        try {
          AddFilm(scan, split, release.Film(row));
        } catch (const Error& error) {
          split.faults.push_back(error.what());
        }
      }
      scan.splits.push_back(std::move(split));
    }
  } catch (const Error& error) {
    scan.faults.push_back(error.what());
  }
  scan.label_names = ScanLabels(scan, {folder, scan.root}, genres);
}

}  // namespace

Scan ScanMmImdb(const std::filesystem::path& root) {
  const MmImdbFolder folder = FindMmImdb(root);
  Scan scan;
  scan.root = root;
  if (folder.is_hdf5) {
    ScanHdf5Release(scan, folder.path);
  } else {
    ScanJsonRelease(scan, folder.path);
  }
  return scan;
}

}  // namespace msdbench
