// Changes HDF5 files as a test wants them, by the library's own C interface.
// Only where HDF5 is there.
#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace msdbench {

class Hdf5Editor {
 public:
  using Sizes = std::vector<hsize_t>;

  // Opens the file, or makes one.
  explicit Hdf5Editor(const std::filesystem::path& file) {
    file_ =
        std::filesystem::exists(file)
            ? H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)
            : H5Fcreate(file.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
    EXPECT_GE(file_, 0) << file;
  }
  ~Hdf5Editor() { H5Fclose(file_); }
  Hdf5Editor(const Hdf5Editor&) = delete;

  void Remove(const char* set) const {
    EXPECT_GE(H5Ldelete(file_, set, H5P_DEFAULT), 0);
  }
  void RemoveAttribute(const char* object, const char* name) const {
    EXPECT_GE(H5Adelete_by_name(file_, object, name, H5P_DEFAULT), 0);
  }

  // A data set in place of the one of that name, if there is one.
  void Integers(const char* set, const Sizes& sizes,
                const std::vector<std::int32_t>& values) const {
    Create(set, sizes, H5T_STD_I32LE, H5T_NATIVE_INT32, values.data());
  }
  void Floats(const char* set, const Sizes& sizes,
              const std::vector<float>& values) const {
    Create(set, sizes, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, values.data());
  }
  void Lists(const char* set,
             std::vector<std::vector<std::int32_t>> lists) const {
    std::vector<hvl_t> raw;
    for (auto& list : lists) raw.push_back({list.size(), list.data()});
    const hid_t type = H5Tvlen_create(H5T_NATIVE_INT32);
    Create(set, {raw.size()}, type, type, raw.data());
    H5Tclose(type);
  }
  void Texts(const char* set, const std::vector<std::string>& texts,
             std::size_t width) const {
    std::string bytes;
    for (const std::string& text : texts) {
      bytes += text + std::string(width - text.size(), '\0');
    }
    const hid_t type = TextType(width);
    Create(set, {texts.size()}, type, type, bytes.data());
    H5Tclose(type);
  }

  // The four data sets of a release with so many films, of which none is
  // stored: the file stays small.
  void Announce(hsize_t rows) const {
    const hid_t list = H5Tvlen_create(H5T_NATIVE_INT32), id = TextType(7);
    const auto empty = [&](const char* set, hid_t type, const Sizes& sizes) {
      Remove(set);
      const hid_t space = H5Screate_simple(static_cast<int>(sizes.size()),
                                           sizes.data(), nullptr);
      const hid_t made = H5Dcreate(file_, set, type, space, H5P_DEFAULT,
                                   H5P_DEFAULT, H5P_DEFAULT);
      EXPECT_GE(made, 0) << set;
      H5Dclose(made);
      H5Sclose(space);
    };
    empty("imdb_ids", id, {rows});
    empty("sequences", list, {rows});
    empty("genres", H5T_STD_I32LE, {rows, 2});
    empty("images", H5T_STD_I32LE, {rows, 3, 2, 2});
    H5Tclose(list);
    H5Tclose(id);
  }

  // An attribute in place of the one of that name, if there is one.
  void TextAttribute(const char* object, const char* name,
                     const std::string& text) const {
    if (H5Aexists_by_name(file_, object, name, H5P_DEFAULT) > 0) {
      RemoveAttribute(object, name);
    }
    const hid_t type = TextType(text.size());
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute =
        H5Acreate_by_name(file_, object, name, type, space, H5P_DEFAULT,
                          H5P_DEFAULT, H5P_DEFAULT);
    EXPECT_GE(H5Awrite(attribute, type, text.data()), 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
  }

  // Row `row` of Fuel's table, stop in place of what it says.
  void FuelStop(std::size_t row, std::int64_t stop) const {
    const hid_t attribute = H5Aopen(file_, "split", H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute);
    const hid_t space = H5Aget_space(attribute);
    const std::size_t size = H5Tget_size(type);
    std::vector<char> rows(
        size * static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    EXPECT_GE(H5Aread(attribute, type, rows.data()), 0);
    const int member = H5Tget_member_index(type, "stop");
    const std::size_t at =
        H5Tget_member_offset(type, static_cast<unsigned>(member));
    std::copy_n(reinterpret_cast<const char*>(&stop), sizeof(stop),
                rows.begin() + static_cast<std::ptrdiff_t>(row * size + at));
    EXPECT_GE(H5Awrite(attribute, type, rows.data()), 0);
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
  }

 private:
  static hid_t TextType(std::size_t width) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, width);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    return type;
  }

  void Create(const char* set, const Sizes& sizes, hid_t stored, hid_t memory,
              const void* values) const {
    if (H5Lexists(file_, set, H5P_DEFAULT) > 0) Remove(set);
    const hid_t space =
        H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr);
    const hid_t data = H5Dcreate2(file_, set, stored, space, H5P_DEFAULT,
                                  H5P_DEFAULT, H5P_DEFAULT);
    EXPECT_GE(H5Dwrite(data, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    H5Dclose(data);
    H5Sclose(space);
  }

  hid_t file_ = -1;
};

}  // namespace msdbench
