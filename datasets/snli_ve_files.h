// The files of SNLI-VE: where they lie, and one line of them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "datasets/dataset.h"
#include "datasets/json_record.h"

namespace msdbench {

// Split files are called PREFIX + split + ".jsonl".
inline constexpr char kSnliVePrefix[] = "snli_ve_";

struct SnliVeLayout {
  std::filesystem::path annotations, images;
};
// Throws DataError, also where `images` are needed and their folder is missing.
SnliVeLayout FindSnliVe(const std::filesystem::path& root, bool images = true);

struct SnliVePair {
  Example example;  // without targets; of a skipped pair only the id
  std::optional<std::string> gold;
  const char* skipped = "";  // why it belongs to no split, for a note
};
// The text is the hypothesis or, with `premise`, "HYPOTHESIS [SEP] CAPTION":
// the hypothesis first, so that it is not what is cut when both are too long.
SnliVePair ReadSnliVePair(const JsonRecord& record, const SnliVeLayout& layout,
                          bool premise = false);

}  // namespace msdbench
