// Which entry of a store belongs to an image: one rule for every kind of store.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace msdbench {

// Entries are called as tools write them: the image's file name, with or
// without folders before and an ending behind ("01235", "train/01235",
// "01235.png", "b'01235'"), or a number. An image's entry is
//   1. that of its file's name or, where several have it, the one that shares
//      the most of the path: the folders, then the ending;
//   2. where there is none, that of the number at the name's end: "458752" for
//      "COCO_train2014_000000458752", as MMF looks them up. COCO's twelve
//      digits also find each other with and without "COCO_train2014_".
class FeatureIndex {
 public:
  // `source` names the store in errors.
  FeatureIndex(const std::vector<std::string>& entries, std::string source);

  struct Place {
    std::size_t entry;  // in the list given
    bool by_number;
  };
  // Throws DataError where two entries fit equally well.
  std::optional<Place> Find(const std::filesystem::path& image) const;

  struct Places {
    std::vector<std::size_t> entries;  // one for each image
    std::size_t by_number = 0;         // images found by their number
  };
  // Each image once, however often it is named. Throws DataError where images
  // have no entry, naming what was looked for, and where two images have one.
  Places FindAll(const std::vector<std::filesystem::path>& images) const;

  // The file's name without folder and ending: what an image is called in
  // stores.
  static std::string NameOf(const std::filesystem::path& image);

 private:
  struct Entry {
    std::string name;  // as given
    std::vector<std::string> folders;
    std::string ending;  // ".png"; empty without one that images have
  };
  using Rows = std::unordered_multimap<std::string, std::size_t>;

  std::optional<std::size_t> Best(const std::vector<std::size_t>& rows,
                                  const std::filesystem::path& image) const;

  std::string source_;
  std::vector<Entry> entries_;
  Rows by_name_, by_coco_number_;
};

// The names by number that rule 2 tries, the usual one first; empty where the
// name ends in none.
std::vector<std::string> NumberNames(const std::string& name);

// How the images are told apart in messages and hashes, whatever folder they
// all lie in: paths below that folder.
std::vector<std::string> NamesBelowCommonFolder(
    const std::vector<std::filesystem::path>& images);

}  // namespace msdbench
