// What a data set that we made holds, for the person who made it.
#pragma once

#include <filesystem>
#include <string>

namespace msdbench {

// A few lines, from what the loader reads: examples of each split and of each
// label, what constant answers reach on the test split, the fingerprint.
// Throws DataError as the loader does.
std::string MadeSummary(const std::string& format,
                        const std::filesystem::path& root);

}  // namespace msdbench
