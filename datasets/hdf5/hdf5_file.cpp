#include "datasets/hdf5/hdf5_file.h"

#ifdef MSDBENCH_HDF5

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "datasets/hdf5/hdf5_handle.h"
#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {
namespace {

// A chunk of many pictures is not unpacked again for each of them.
constexpr std::size_t kChunkCacheBytes = std::size_t{32} << 20;

Hdf5Handle AccessForReading() {
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_cache(access.get(), 0, 521, kChunkCacheBytes, 1.0);
#if H5_VERSION_GE(1, 12, 1) || (H5_VERS_MINOR == 10 && H5_VERS_RELEASE >= 7)
  // We only read, and folders of data are often on disks without locks.
  H5Pset_file_locking(access.get(), /*use_file_locking=*/0,
                      /*ignore_when_disabled=*/1);
#endif
  return access;
}

std::string ShapeText(const Hdf5File::Shape& shape) {
  return shape.empty() ? "a single value"
                       : fmt::format("{}", fmt::join(shape, " x "));
}

const char* KindText(Hdf5File::Kind kind) {
  switch (kind) {
    case Hdf5File::Kind::kIntegers:
      return "integers";
    case Hdf5File::Kind::kIntegerLists:
      return "lists of integers";
    case Hdf5File::Kind::kTexts:
      return "texts of a fixed width";
  }
  return "";
}

bool IsOfKind(hid_t type, Hdf5File::Kind kind) {
  switch (kind) {
    case Hdf5File::Kind::kIntegers:
      return H5Tget_class(type) == H5T_INTEGER;
    case Hdf5File::Kind::kIntegerLists: {
      if (H5Tget_class(type) != H5T_VLEN) return false;
      const Hdf5Handle base(H5Tget_super(type), H5Tclose);
      return H5Tget_class(base.get()) == H5T_INTEGER;
    }
    case Hdf5File::Kind::kTexts:
      return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0;
  }
  return false;
}

// Lists whose items the library allocates, and frees again.
struct Lists {
  Lists(hid_t list_type, std::int64_t rows)
      : type(list_type),
        lists(static_cast<std::size_t>(rows), hvl_t{0, nullptr}) {}
  ~Lists() {
    const hsize_t count = lists.size();
    const Hdf5Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
    H5Dvlen_reclaim(type, space.get(), H5P_DEFAULT, lists.data());
  }
  Lists(const Lists&) = delete;

  hid_t type;
  std::vector<hvl_t> lists;
};

// Up to the first zero of `width` bytes.
std::string FixedText(const char* bytes, std::size_t width) {
  return {bytes, std::find(bytes, bytes + width, '\0')};
}

}  // namespace

std::string Hdf5Reason() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned, const H5E_error2_t* error, void* out) -> herr_t {
        auto& text = *static_cast<std::string*>(out);
        if (text.empty() && error->desc != nullptr) text = error->desc;
        return 0;
      },
      &reason);
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  return reason.empty() ? "no reason given" : reason;
}

bool HasHdf5() { return true; }

struct Hdf5File::State {
  std::string file_name;
  Hdf5Handle file;
  std::map<std::string, Hdf5Handle> sets;

  Error Fault(const std::string& set, const std::string& what) const {
    return DataError(
        fmt::format("{}: data set \"{}\": {}", file_name, set, what));
  }

  hid_t Set(const std::string& name) {
    Hdf5Handle& set = sets[name];
    if (!set.ok()) {
      const bool there = H5Lexists(file.get(), name.c_str(), H5P_DEFAULT) > 0;
      set =
          Hdf5Handle(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), H5Dclose);
      if (!set.ok()) {
        throw Fault(name,
                    there ? "cannot be opened: " + Hdf5Reason() : "is missing");
      }
    }
    return set.get();
  }

  Shape ShapeOf(const std::string& name) {
    const Hdf5Handle space(H5Dget_space(Set(name)), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space.get());
    if (rank < 0) throw Fault(name, "has no shape: " + Hdf5Reason());
    std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
    H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
    return {sizes.begin(), sizes.end()};
  }

  // The file's and the memory's part of a reading: `rows` from `first` on.
  std::pair<Hdf5Handle, Hdf5Handle> Select(const std::string& name,
                                           std::int64_t first,
                                           std::int64_t rows) {
    const Shape shape = ShapeOf(name);
    if (shape.empty() || first < 0 || rows < 0 || rows > shape[0] - first) {
      throw Fault(name, fmt::format("is {}, and rows {} to {} are asked for",
                                    ShapeText(shape), first, first + rows));
    }
    std::vector<hsize_t> count(shape.begin(), shape.end());
    std::vector<hsize_t> start(shape.size(), 0);
    start[0] = static_cast<hsize_t>(first);
    count[0] = static_cast<hsize_t>(rows);
    Hdf5Handle in_file(H5Dget_space(Set(name)), H5Sclose);
    H5Sselect_hyperslab(in_file.get(), H5S_SELECT_SET, start.data(), nullptr,
                        count.data(), nullptr);
    return {std::move(in_file),
            Hdf5Handle(H5Screate_simple(static_cast<int>(count.size()),
                                        count.data(), nullptr),
                       H5Sclose)};
  }

  void Read(const std::string& name, std::int64_t first, std::int64_t rows,
            hid_t type, void* out) {
    const auto [in_file, in_memory] = Select(name, first, rows);
    if (H5Dread(Set(name), type, in_memory.get(), in_file.get(), H5P_DEFAULT,
                out) < 0) {
      throw Fault(name,
                  fmt::format("row{} {} cannot be read: {}",
                              rows == 1 ? "" : "s from", first, Hdf5Reason()));
    }
  }
};

Hdf5File::Hdf5File(const std::filesystem::path& file)
    : name_(file.string()), state_(std::make_unique<State>()) {
  const Hdf5Lock lock;
  state_->file_name = name_;
  // The library would wait for a FIFO, and says little of what it cannot open.
  InputFile{file};
  if (H5Fis_hdf5(name_.c_str()) == 0) {
    throw DataError(name_ + ": not an HDF5 file by its first bytes");
  }
  // Kept until the reason is told: closing it would make the library forget.
  const Hdf5Handle access = AccessForReading();
  state_->file = Hdf5Handle(
      H5Fopen(name_.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
  if (!state_->file.ok()) {
    throw DataError(
        name_ +
        ": cannot be opened as HDF5, damaged or not whole: " + Hdf5Reason());
  }
}

Hdf5File::~Hdf5File() {
  if (state_ == nullptr) return;
  const Hdf5Lock lock;
  state_.reset();
}
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(state_, other.state_);
  return *this;
}

Hdf5File::Shape Hdf5File::Expect(const std::string& set, Kind kind,
                                 std::size_t rank) {
  const Hdf5Lock lock;
  const Hdf5Handle type(H5Dget_type(state_->Set(set)), H5Tclose);
  if (!IsOfKind(type.get(), kind)) {
    throw state_->Fault(
        set, fmt::format("holds something else than {}", KindText(kind)));
  }
  Shape shape = state_->ShapeOf(set);
  if (shape.size() != rank) {
    throw state_->Fault(
        set, fmt::format("is {}, expected {} dimension{}", ShapeText(shape),
                         rank, rank == 1 ? "" : "s"));
  }
  return shape;
}

void Hdf5File::ReadIntegers(const std::string& set, std::int64_t first,
                            std::int64_t rows, std::int32_t* out) {
  const Hdf5Lock lock;
  state_->Read(set, first, rows, H5T_NATIVE_INT32, out);
}

std::vector<std::vector<std::int32_t>> Hdf5File::ReadLists(
    const std::string& set, std::int64_t first, std::int64_t rows) {
  const Hdf5Lock lock;
  const Hdf5Handle type(H5Tvlen_create(H5T_NATIVE_INT32), H5Tclose);
  Lists read(type.get(), rows);
  state_->Read(set, first, rows, type.get(), read.lists.data());
  std::vector<std::vector<std::int32_t>> lists;
  lists.reserve(read.lists.size());
  for (const hvl_t& list : read.lists) {
    const auto* items = static_cast<const std::int32_t*>(list.p);
    lists.emplace_back(items, items + list.len);
  }
  return lists;
}

std::vector<std::string> Hdf5File::ReadTexts(const std::string& set,
                                             std::int64_t first,
                                             std::int64_t rows) {
  const Hdf5Lock lock;
  const Hdf5Handle type(H5Dget_type(state_->Set(set)), H5Tclose);
  const std::size_t width = H5Tget_size(type.get());
  constexpr std::size_t kMostBytes = 100;  // of one text
  if (width > kMostBytes) {
    throw state_->Fault(set, fmt::format("holds texts of {} bytes, allowed: {}",
                                         width, kMostBytes));
  }
  std::vector<char> read(static_cast<std::size_t>(rows) * width);
  state_->Read(set, first, rows, type.get(), read.data());
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < read.size(); at += width) {
    texts.push_back(FixedText(read.data() + at, width));
  }
  return texts;
}

std::optional<std::string> Hdf5File::TextAttribute(
    const std::string& set, const std::string& attribute) {
  const Hdf5Lock lock;
  const hid_t owner = state_->Set(set);
  if (H5Aexists(owner, attribute.c_str()) <= 0) return std::nullopt;
  const auto fault = [&](const std::string& what) {
    return state_->Fault(
        set, fmt::format("its attribute \"{}\" {}", attribute, what));
  };
  const Hdf5Handle handle(H5Aopen(owner, attribute.c_str(), H5P_DEFAULT),
                          H5Aclose);
  const Hdf5Handle type(H5Aget_type(handle.get()), H5Tclose);
  const Hdf5Handle space(H5Aget_space(handle.get()), H5Sclose);
  if (H5Tget_class(type.get()) != H5T_STRING ||
      H5Sget_simple_extent_npoints(space.get()) != 1) {
    throw fault("is not one text");
  }
  if (H5Tis_variable_str(type.get()) > 0) {
    char* text = nullptr;
    if (H5Aread(handle.get(), type.get(), &text) < 0) {
      throw fault("cannot be read: " + Hdf5Reason());
    }
    std::string copy = text == nullptr ? "" : text;
    H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, &text);
    return copy;
  }
  std::vector<char> text(H5Tget_size(type.get()));
  if (H5Aread(handle.get(), type.get(), text.data()) < 0) {
    throw fault("cannot be read: " + Hdf5Reason());
  }
  return FixedText(text.data(), text.size());
}

std::optional<std::vector<Hdf5File::FuelSplit>> Hdf5File::FuelSplits() {
  const Hdf5Lock lock;
  const hid_t file = state_->file.get();
  if (H5Aexists(file, "split") <= 0) return std::nullopt;
  const auto fault = [&](const std::string& what) {
    return DataError(
        fmt::format("{}: the root's attribute \"split\" {}", name_, what));
  };
  const Hdf5Handle handle(H5Aopen(file, "split", H5P_DEFAULT), H5Aclose);
  const Hdf5Handle stored(H5Aget_type(handle.get()), H5Tclose);
  const Hdf5Handle space(H5Aget_space(handle.get()), H5Sclose);
  // Members are matched by name; those left out (available, comment) are not
  // needed: what is not available has an empty range.
  constexpr std::size_t kWidth = 64;
  struct Row {
    char split[kWidth], source[kWidth];
    std::int64_t start, stop;
    hobj_ref_t indices;
  };
  if (H5Tget_class(stored.get()) == H5T_COMPOUND) {
    for (const char* member : {"split", "source", "start", "stop", "indices"}) {
      if (H5Tget_member_index(stored.get(), member) < 0) {
        throw fault(fmt::format("is not Fuel's: it has no \"{}\"", member));
      }
    }
  } else {
    throw fault("is not Fuel's: no table of splits and sources");
  }
  const Hdf5Handle text(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(text.get(), kWidth);
  const Hdf5Handle type(H5Tcreate(H5T_COMPOUND, sizeof(Row)), H5Tclose);
  H5Tinsert(type.get(), "split", offsetof(Row, split), text.get());
  H5Tinsert(type.get(), "source", offsetof(Row, source), text.get());
  H5Tinsert(type.get(), "start", offsetof(Row, start), H5T_NATIVE_INT64);
  H5Tinsert(type.get(), "stop", offsetof(Row, stop), H5T_NATIVE_INT64);
  H5Tinsert(type.get(), "indices", offsetof(Row, indices), H5T_STD_REF_OBJ);
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  std::vector<Row> rows(static_cast<std::size_t>(std::max<hssize_t>(count, 0)));
  if (rows.empty() || H5Aread(handle.get(), type.get(), rows.data()) < 0) {
    throw fault("cannot be read: " + Hdf5Reason());
  }
  std::vector<FuelSplit> splits;
  for (const Row& row : rows) {
    splits.push_back({FixedText(row.split, kWidth),
                      FixedText(row.source, kWidth), row.start, row.stop,
                      row.indices != 0});
  }
  return splits;
}

}  // namespace msdbench

#endif  // MSDBENCH_HDF5
