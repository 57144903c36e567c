// MM-IMDb's HDF5 release: multimodal_imdb.hdf5 and metadata.npy, as the
// authors' make_dataset.py writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/hdf5/hdf5_file.h"
#include "datasets/mm_imdb_files.h"

namespace msdbench {

class MmImdbHdf5 {
 public:
  // Rows begin to end - 1 of every data set.
  struct Range {
    std::string name;
    std::int64_t begin = 0, end = 0;
  };

  // Checks the data sets that are read (imdb_ids, sequences, genres, images)
  // and holds ids and genres; never a picture. Throws DataError.
  explicit MmImdbHdf5(const std::filesystem::path& folder);

  const std::string& name() const { return file_.name(); }
  // The columns of `genres` by the file's target_names.
  const std::vector<std::string>& genres() const { return genres_; }
  // The release's own where the file has its 25,959 rows, else what Fuel's
  // `split` attribute says, in the order of their rows.
  const std::vector<Range>& splits() const { return splits_; }
  // What a person should know about these files, a line each.
  std::vector<std::string> Notes() const;

  // Its text is the words of its sequence with spaces between, its picture a
  // row of `images` (see image/pixel_rows.h). Throws DataError naming the row.
  MmImdbFilm Film(std::int64_t row);

 private:
  void CheckShapes();
  void ReadGenreNames();
  void ReadSplits();
  [[noreturn]] void Fail(const char* set, std::int64_t row,
                         const std::string& what) const;
  const std::vector<std::int32_t>& Sequence(std::int64_t row);

  std::filesystem::path folder_;
  Hdf5File file_;
  std::int64_t rows_ = 0, columns_ = 0;
  std::vector<std::string> words_, genres_, ids_;
  std::vector<std::int32_t> marks_;  // rows_ x columns_
  std::vector<Range> splits_;
  // Sequences block_begin_ and following.
  std::vector<std::vector<std::int32_t>> block_;
  std::int64_t block_begin_ = 0;
};

}  // namespace msdbench
