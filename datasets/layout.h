// Finding the authors' files in a folder, and saying what is there instead.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

// "found: dataset/, split.json and 3 more", "found nothing" or "no such
// folder": for errors about a root.
std::string DescribeFolder(const std::filesystem::path& folder);

// Throws DataError "ROOT: not the folder of FORMAT: expected EXPECTED, ...".
[[noreturn]] void FailRoot(const std::filesystem::path& root,
                           const std::string& format,
                           const std::string& expected);

// Sorted names of the files in `folder` that end so; empty without a folder.
std::vector<std::string> FilesEndingWith(const std::filesystem::path& folder,
                                         const std::string& ending);

// The split whose file is FOLDER/PREFIX + name + ".jsonl": `named`, or the
// first of `defaults` that is there when nothing is named. Throws DataError
// listing the .jsonl files that are there.
std::string ChooseSplit(const std::filesystem::path& folder,
                        const std::string& prefix, const std::string& named,
                        const std::vector<std::string>& defaults);

}  // namespace msdbench
