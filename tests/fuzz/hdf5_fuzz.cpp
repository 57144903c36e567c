// An HDF5 file, read as MM-IMDb's release is. The library crashes and hangs on
// some; that must stay in the process that reads for this one.
#include <algorithm>

#include "datasets/hdf5/hdf5_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace msdbench::fuzz {
namespace {

using Kind = Hdf5File::Kind;

constexpr std::int64_t kMostRows = 20;

// The rows of a data set that are read, 0 where it is not of that kind.
std::int64_t Rows(Hdf5File& file, const char* set, Kind kind, std::size_t rank,
                  Hdf5File::Shape* shape) {
  const bool fits = Accepts([&] { *shape = file.Expect(set, kind, rank); });
  if (!fits) return 0;
  Expect(shape->size() == rank, "the rank that was asked for");
  return std::min(shape->at(0), kMostRows);
}

void ReadRows(Hdf5File& file) {
  Hdf5File::Shape shape;
  std::int64_t rows = Rows(file, "images", Kind::kIntegers, 4, &shape);
  constexpr std::int64_t kMostSide = 100;
  for (std::size_t i = 1; i < shape.size(); ++i) {
    if (shape[i] < 0 || shape[i] > kMostSide) rows = 0;
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    std::vector<std::int32_t> values(
        static_cast<std::size_t>(shape[1] * shape[2] * shape[3]));
    Accepts([&] {
      file.ReadIntegers("images", row, 1, values.size(), values.data());
    });
  }
  rows = Rows(file, "sequences", Kind::kIntegerLists, 1, &shape);
  Accepts([&] {
    Expect(static_cast<std::int64_t>(
               file.ReadLists("sequences", 0, rows).size()) == rows,
           "as many lists as rows");
  });
  rows = Rows(file, "imdb_ids", Kind::kTexts, 1, &shape);
  Accepts([&] {
    Expect(static_cast<std::int64_t>(
               file.ReadTexts("imdb_ids", 0, rows).size()) == rows,
           "as many texts as rows");
  });
}

}  // namespace

FUZZ_TARGET(bytes) {
  if (!HasHdf5()) return;
  Accepts([&] {
    Hdf5File file(InputFile(bytes));
    ReadRows(file);
    Accepts([&] { file.TextAttribute("genres", "target_names"); });
    Accepts([&] { file.FuelSplits(); });
  });
}

}  // namespace msdbench::fuzz
