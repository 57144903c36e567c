#include <set>

#include "datasets/mm_imdb_files.h"
#include "datasets/verify/scan.h"

namespace msdbench {
namespace {

void ScanFilm(Scan& scan, ScannedSplit& split,
              const std::filesystem::path& folder, const std::string& id) {
  try {
    const auto path = folder / MmImdbFilmFile(id);
    const std::string file = path.string();
    const Json json = ReadJsonFile(path);
    scan.record_files.push_back(NameBelow(scan, path));
    const JsonRecord film(json, file);
    Example example;
    example.id = id;
    example.text = ReadPlot(film, Plot::kFirst);
    example.image = folder / MmImdbImageFile(id);
    const std::vector<std::string> listed = film.Texts("genres");
    scan.Add(split, example);
    // Given twice, a genre is still one.
    for (const std::string& genre :
         std::set<std::string>(listed.begin(), listed.end())) {
      ++split.labels[genre];
    }
  } catch (const Error& error) {
    split.faults.push_back(error.what());
  }
}

}  // namespace

Scan ScanMmImdb(const std::filesystem::path& root) {
  const std::filesystem::path folder = FindMmImdb(root);
  Scan scan;
  scan.root = root;
  scan.label_names = ScanLabels(scan, {folder, root}, MmImdbGenres());
  const auto file = folder / "split.json";
  scan.more_files.push_back(NameBelow(scan, file));
  try {
    const std::string name = file.string();
    const Json json = ReadJsonFile(file);
    const JsonRecord splits(json, name);
    for (const auto& item : json.items()) {
      ScannedSplit split;
      split.name = item.key();
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
  return scan;
}

}  // namespace msdbench
