// The files of MM-IMDb: where they lie, and one film of the JSON release.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/json_record.h"

namespace msdbench {

// The 23 genres that the authors keep, in the order of their HDF5 file.
const std::vector<std::string>& MmImdbGenres();

// The files of the HDF5 release; the other has split.json and dataset/.
inline constexpr char kMmImdbHdf5[] = "multimodal_imdb.hdf5";
inline constexpr char kMmImdbWords[] = "metadata.npy";

// The folder of a release: `root` or root/mmimdb, whichever has split.json,
// else whichever has multimodal_imdb.hdf5. Throws DataError.
struct MmImdbFolder {
  std::filesystem::path path;
  bool is_hdf5 = false;  // see mm_imdb_hdf5.h
};
MmImdbFolder FindMmImdb(const std::filesystem::path& root);

// Names below the folder with split.json.
std::string MmImdbFilmFile(const std::string& id);   // "dataset/ID.json"
std::string MmImdbImageFile(const std::string& id);  // "dataset/ID.jpeg"

// The ids that split.json lists under `name`. Throws DataError, also for ids
// that could lead out of the folder.
std::vector<std::string> ReadMmImdbSplit(const JsonRecord& splits,
                                         const std::string& name);

struct MmImdbFilm {
  std::string id, text;
  std::filesystem::path image;
  std::vector<std::string> genres;  // as listed, also outside the labels
};

// dataset/ID.json below `folder`. "plot" is a string or a list; the text is ""
// without any. Throws DataError.
MmImdbFilm ParseMmImdbFilm(const JsonRecord& record,
                           const std::filesystem::path& folder,
                           const std::string& id, Plot plot);

}  // namespace msdbench
