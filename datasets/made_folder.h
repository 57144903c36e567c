// A data set's folder that we make: made once, made again after an
// interruption, and never among files that are not ours.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "reports/json_file.h"

namespace msdbench {

struct MadeFolder {
  std::filesystem::path folder;
  // Of files in the folder: holds the options, written last of all; and what
  // is told about the content, written first, so that a folder left half made
  // is known as ours.
  std::string options_file, about_file;
  std::string kind;  // "a miniature data set", for errors
};

// Whether the folder is made with these options. Throws UsageError for one of
// other options and for foreign files in it.
bool IsMade(const MadeFolder& made, const Json& options);

// Unless IsMade, calls `make`, which fills the folder and returns what the
// about file holds.
void MakeFolder(const MadeFolder& made, const Json& options,
                const std::function<Json()>& make);

// Writes a picture; thousands of them, so without a flush to disk each.
void WritePicture(const std::filesystem::path& file, std::string_view bytes);

}  // namespace msdbench
