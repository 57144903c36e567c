#include "datasets/mm_imdb_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "datasets/layout.h"
#include "reports/input_file.h"

namespace msdbench {
namespace fs = std::filesystem;
namespace {

std::size_t CodePoints(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string ReadPlot(const JsonRecord& film, Plot which) {
  const Json* plot = film.Find("plot");
  if (plot == nullptr) return "";
  if (plot->is_string()) return plot->get<std::string>();
  if (!plot->is_array()) {
    film.FailField("plot", "a string or an array of strings");
  }
  const std::vector<std::string> plots = film.Texts("plot");
  if (plots.empty()) return "";
  if (which == Plot::kFirst) return plots.front();
  return *std::max_element(plots.begin(), plots.end(),
                           [](const std::string& a, const std::string& b) {
                             return CodePoints(a) < CodePoints(b);
                           });
}

}  // namespace

const std::vector<std::string>& MmImdbGenres() {
  static const std::vector<std::string> kGenres = {
      "Drama",   "Comedy",    "Romance",   "Thriller",    "Crime",
      "Action",  "Adventure", "Horror",    "Documentary", "Mystery",
      "Sci-Fi",  "Fantasy",   "Family",    "Biography",   "War",
      "History", "Music",     "Animation", "Musical",     "Western",
      "Sport",   "Short",     "Film-Noir"};
  return kGenres;
}

MmImdbFolder FindMmImdb(const fs::path& root) {
  for (const bool is_hdf5 : {false, true}) {
    for (const fs::path& folder : {root, root / "mmimdb"}) {
      if (IsFile(folder / (is_hdf5 ? kMmImdbHdf5 : "split.json")))
        return {folder, is_hdf5};
    }
  }
  FailRoot(root, "mm_imdb",
           fmt::format("split.json and dataset/, or {} and {}, or mmimdb/ "
                       "with two of them",
                       kMmImdbHdf5, kMmImdbWords));
}

std::string MmImdbFilmFile(const std::string& id) {
  return "dataset/" + id + ".json";
}

std::string MmImdbImageFile(const std::string& id) {
  return "dataset/" + id + ".jpeg";
}

std::vector<std::string> ReadMmImdbSplit(const JsonRecord& splits,
                                         const std::string& name) {
  std::vector<std::string> ids = splits.Texts(name.c_str());
  for (const std::string& id : ids) {
    if (id.empty() || id == ".." ||
        id.find_first_of(std::string_view("/\0", 2)) != id.npos) {
      splits.Fail("\"" + name + "\" holds \"" + id +
                  "\", expected the id of a film");
    }
  }
  return ids;
}

MmImdbFilm ParseMmImdbFilm(const JsonRecord& record, const fs::path& folder,
                           const std::string& id, Plot plot) {
  return {id, ReadPlot(record, plot), folder / MmImdbImageFile(id),
          record.Texts("genres")};
}

}  // namespace msdbench
