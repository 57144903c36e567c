// The little of HDF5 that a data set needs: rows of integers, of lists of
// integers and of short texts, and text attributes; read only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace msdbench {

// False where the build found no HDF5; then no file can be opened.
bool HasHdf5();

// Every failure is a DataError "FILE: data set "NAME": what is wrong", a crash
// of the library too: each file has a process that reads it (see
// reader_process/). Methods may be called from any thread.
class Hdf5File {
 public:
  enum class Kind {
    kIntegers,      // of any width and sign
    kIntegerLists,  // of variable length
    kTexts,         // of a fixed width
  };
  using Shape = std::vector<std::int64_t>;

  explicit Hdf5File(const std::filesystem::path& file);
  ~Hdf5File();
  Hdf5File(Hdf5File&&) noexcept;
  Hdf5File& operator=(Hdf5File&&) noexcept;

  const std::string& name() const { return name_; }

  // Throws unless that data set is there, of that kind and `rank`.
  Shape Expect(const std::string& set, Kind kind, std::size_t rank);

  // Rows first, first + 1, ... of a data set that was expected; `rows` of them
  // must be there. Integers that int32 does not hold become its nearest; all
  // rows together are `values` of them.
  void ReadIntegers(const std::string& set, std::int64_t first,
                    std::int64_t rows, std::size_t values, std::int32_t* out);
  std::vector<std::vector<std::int32_t>> ReadLists(const std::string& set,
                                                   std::int64_t first,
                                                   std::int64_t rows);
  // Without the zeros that fill them up.
  std::vector<std::string> ReadTexts(const std::string& set, std::int64_t first,
                                     std::int64_t rows);

  // An attribute of a data set; nothing where there is none of that name.
  std::optional<std::string> TextAttribute(const std::string& set,
                                           const std::string& attribute);

  // The root's attribute `split`, as Fuel's H5PYDataset writes it; nothing
  // where there is none.
  struct FuelSplit {
    std::string split, source;  // "train", "images"
    std::int64_t start = 0, stop = 0;
    bool has_indices = false;  // rows listed elsewhere, not a range
  };
  std::optional<std::vector<FuelSplit>> FuelSplits();

 private:
  struct State;
  std::string name_;
  std::unique_ptr<State> state_;
};

}  // namespace msdbench
