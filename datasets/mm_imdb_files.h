// The files of MM-IMDb: where they lie, and one film of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/json_record.h"

namespace msdbench {

// The 23 genres that the authors keep, in the order of their HDF5 file.
const std::vector<std::string>& MmImdbGenres();

// The folder with split.json. Throws DataError.
std::filesystem::path FindMmImdb(const std::filesystem::path& root);

// Names below that folder.
std::string MmImdbFilmFile(const std::string& id);   // "dataset/ID.json"
std::string MmImdbImageFile(const std::string& id);  // "dataset/ID.jpeg"

// The ids that split.json lists under `name`. Throws DataError, also for ids
// that could lead out of the folder.
std::vector<std::string> ReadMmImdbSplit(const JsonRecord& splits,
                                         const std::string& name);

// "plot" is a string or a list; "" without any.
std::string ReadPlot(const JsonRecord& film, Plot which);

}  // namespace msdbench
