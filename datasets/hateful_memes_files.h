// The files of Hateful Memes: where they lie, and one line of them.
#pragma once

#include <filesystem>

#include "datasets/dataset.h"
#include "datasets/json_record.h"

namespace msdbench {

struct HatefulMemesLayout {
  std::filesystem::path annotations;  // holds the .jsonl files
  std::filesystem::path images;       // "img/NNNNN.png" is below it
  // An archive of pictures that nobody has unpacked yet; else empty.
  std::filesystem::path packed;
};
// Looks in `root` for the authors' layout, then for MMF's, either as the data
// set's own folder or as MMF's data folder. Throws DataError.
HatefulMemesLayout FindHatefulMemes(const std::filesystem::path& root);

// Without a label (none, null or -1) the targets stay empty.
Example ReadMeme(const JsonRecord& record, const HatefulMemesLayout& layout);

}  // namespace msdbench
