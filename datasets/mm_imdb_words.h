// metadata.npy of MM-IMDb's HDF5 release: the words that its sequences number.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

// Word i is what the file's dictionary ix_to_word gives for i. Nothing in the
// file is run. Throws DataError where it is no such .npy file, the numbers have
// gaps, or a word is empty or no UTF-8.
std::vector<std::string> ReadMmImdbWords(const std::filesystem::path& file);

}  // namespace msdbench
