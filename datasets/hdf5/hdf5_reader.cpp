#include "datasets/hdf5/hdf5_reader.h"

#ifdef MSDBENCH_HDF5

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "datasets/hdf5/hdf5_handle.h"
#include "reports/error.h"

namespace msdbench {
namespace {

// A chunk of many pictures is not unpacked again for each of them.
constexpr std::size_t kChunkCacheBytes = std::size_t{32} << 20;
// Of one reading; a damaged shape asks for anything.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

using Shape = Hdf5File::Shape;
using Kind = Hdf5File::Kind;

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

std::string ShapeText(const Shape& shape) {
  return shape.empty() ? "a single value"
                       : fmt::format("{}", fmt::join(shape, " x "));
}

const char* KindText(Kind kind) {
  switch (kind) {
    case Kind::kIntegers:
      return "integers";
    case Kind::kIntegerLists:
      return "lists of integers";
    case Kind::kTexts:
      return "texts of a fixed width";
  }
  return "";
}

bool IsOfKind(hid_t type, Kind kind) {
  switch (kind) {
    case Kind::kIntegers:
      return H5Tget_class(type) == H5T_INTEGER;
    case Kind::kIntegerLists: {
      if (H5Tget_class(type) != H5T_VLEN) return false;
      const Hdf5Handle base(H5Tget_super(type), H5Tclose);
      return H5Tget_class(base.get()) == H5T_INTEGER;
    }
    case Kind::kTexts:
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
  if (reason.empty()) return "no reason given";
  // Such as "bad version number for datatype message".
  if (reason.find("version") != reason.npos ||
      reason.find("unknown") != reason.npos) {
    reason += fmt::format(
        " (damaged, or written for a newer HDF5 library than {}.{}.{}, which "
        "reads it; h5py writes for this one with libver=\"v{}{}\")",
        H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE, H5_VERS_MAJOR,
        H5_VERS_MINOR);
  }
  return reason;
}

struct Hdf5Reader::State {
  std::string file_name;
  Hdf5Handle file;
  std::map<std::string, Hdf5Handle> sets;

  Error Fault(const std::string& set, const std::string& what) const {
    return DataError(
        fmt::format("{}: data set \"{}\": {}", file_name, set, what));
  }

  // A handle that a call gave, or the library's reason for giving none.
  Hdf5Handle Given(Hdf5Handle handle, const std::string& set,
                   const char* what) const {
    if (!handle.ok()) throw Fault(set, what + (": " + Hdf5Reason()));
    return handle;
  }

  hid_t Set(const std::string& name) {
    Hdf5Handle& set = sets[name];
    if (!set.ok()) {
      const htri_t there = H5Lexists(file.get(), name.c_str(), H5P_DEFAULT);
      if (there == 0) throw Fault(name, "is missing");
      if (there < 0) throw Fault(name, "cannot be looked for: " + Hdf5Reason());
      set = Given({H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), H5Dclose},
                  name, "cannot be opened");
    }
    return set.get();
  }

  Hdf5Handle TypeOf(const std::string& name) {
    return Given({H5Dget_type(Set(name)), H5Tclose}, name, "has no type");
  }
  Hdf5Handle SpaceOf(const std::string& name) {
    return Given({H5Dget_space(Set(name)), H5Sclose}, name, "has no shape");
  }

  Shape ShapeOf(const std::string& name) {
    const Hdf5Handle space = SpaceOf(name);
    const int rank = H5Sget_simple_extent_ndims(space.get());
    std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(rank, 0)));
    if (rank < 0 ||
        H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr) != rank) {
      throw Fault(name, "has no shape: " + Hdf5Reason());
    }
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
    Hdf5Handle in_file = SpaceOf(name);
    if (H5Sselect_hyperslab(in_file.get(), H5S_SELECT_SET, start.data(),
                            nullptr, count.data(), nullptr) < 0) {
      throw Fault(name, "rows cannot be chosen: " + Hdf5Reason());
    }
    return {std::move(in_file),
            Given({H5Screate_simple(static_cast<int>(count.size()),
                                    count.data(), nullptr),
                   H5Sclose},
                  name, "rows cannot be chosen")};
  }

  // Values of the rows, each of `width` bytes.
  std::size_t BytesOf(const std::string& name, std::int64_t rows,
                      std::size_t width) {
    Shape shape = ShapeOf(name);
    if (!shape.empty()) shape[0] = rows;
    std::uint64_t bytes = width;
    for (const std::int64_t size : shape) {
      if (size < 0 || __builtin_mul_overflow(
                          bytes, static_cast<std::uint64_t>(size), &bytes)) {
        bytes = kMostBytes + 1;
        break;
      }
    }
    if (bytes > kMostBytes) {
      throw Fault(
          name, fmt::format("is {}: {} rows are more than {} MB",
                            ShapeText(ShapeOf(name)), rows, kMostBytes >> 20));
    }
    return bytes;
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

namespace {

// An attribute with its type and shape.
struct Attribute {
  Hdf5Handle handle, type, space;

  // How many values; negative where the library cannot tell.
  hssize_t Count() const { return H5Sget_simple_extent_npoints(space.get()); }
};

// Nothing where `owner` has none of that name. `fault` makes an error of what
// is wrong.
template <typename Fault>
std::optional<Attribute> OpenAttribute(hid_t owner, const char* name,
                                       const Fault& fault) {
  if (H5Aexists(owner, name) == 0) return std::nullopt;
  const auto given = [&](Hdf5Handle handle) {
    if (!handle.ok()) throw fault("cannot be read: " + Hdf5Reason());
    return handle;
  };
  // Where another attribute kept the library from an answer, opening this one
  // may still succeed.
  Attribute found;
  found.handle = given({H5Aopen(owner, name, H5P_DEFAULT), H5Aclose});
  found.type = given({H5Aget_type(found.handle.get()), H5Tclose});
  found.space = given({H5Aget_space(found.handle.get()), H5Sclose});
  return found;
}

}  // namespace

Hdf5Reader::Hdf5Reader(const std::string& file)
    : state_(std::make_unique<State>()) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // it prints nothing itself
  state_->file_name = file;
  if (H5Fis_hdf5(file.c_str()) == 0) {
    throw DataError(file + ": not an HDF5 file by its first bytes");
  }
  // Kept until the reason is told: closing it would make the library forget.
  const Hdf5Handle access = AccessForReading();
  state_->file =
      Hdf5Handle(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
  if (!state_->file.ok()) {
    throw DataError(
        file +
        ": cannot be opened as HDF5, damaged or not whole: " + Hdf5Reason());
  }
}

Hdf5Reader::~Hdf5Reader() = default;

Shape Hdf5Reader::Expect(const std::string& set, Kind kind, std::size_t rank) {
  const Hdf5Handle type = state_->TypeOf(set);
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

std::string Hdf5Reader::ReadIntegers(const std::string& set, std::int64_t first,
                                     std::int64_t rows) {
  std::string bytes(state_->BytesOf(set, rows, sizeof(std::int32_t)), '\0');
  state_->Read(set, first, rows, H5T_NATIVE_INT32, bytes.data());
  return bytes;
}

std::vector<std::string> Hdf5Reader::ReadLists(const std::string& set,
                                               std::int64_t first,
                                               std::int64_t rows) {
  state_->BytesOf(set, rows, sizeof(hvl_t));
  const Hdf5Handle type = state_->Given(
      {H5Tvlen_create(H5T_NATIVE_INT32), H5Tclose}, set, "cannot be read");
  Lists read(type.get(), rows);
  state_->Read(set, first, rows, type.get(), read.lists.data());
  std::vector<std::string> lists;
  lists.reserve(read.lists.size());
  for (const hvl_t& list : read.lists) {
    lists.emplace_back(static_cast<const char*>(list.p),
                       list.len * sizeof(std::int32_t));
  }
  return lists;
}

std::vector<std::string> Hdf5Reader::ReadTexts(const std::string& set,
                                               std::int64_t first,
                                               std::int64_t rows) {
  const Hdf5Handle type = state_->TypeOf(set);
  const std::size_t width = H5Tget_size(type.get());
  constexpr std::size_t kMostTextBytes = 100;
  if (width == 0 || width > kMostTextBytes) {
    throw state_->Fault(set, fmt::format("holds texts of {} bytes, allowed: {}",
                                         width, kMostTextBytes));
  }
  std::vector<char> read(state_->BytesOf(set, rows, width));
  state_->Read(set, first, rows, type.get(), read.data());
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < read.size(); at += width) {
    texts.push_back(FixedText(read.data() + at, width));
  }
  return texts;
}

std::optional<std::string> Hdf5Reader::TextAttribute(
    const std::string& set, const std::string& attribute) {
  const auto fault = [&](const std::string& what) {
    return state_->Fault(
        set, fmt::format("its attribute \"{}\" {}", attribute, what));
  };
  const auto found = OpenAttribute(state_->Set(set), attribute.c_str(), fault);
  if (!found) return std::nullopt;
  const hid_t type = found->type.get();
  if (H5Tget_class(type) != H5T_STRING || found->Count() != 1) {
    throw fault("is not one text");
  }
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    if (H5Aread(found->handle.get(), type, &text) < 0) {
      throw fault("cannot be read: " + Hdf5Reason());
    }
    std::string copy = text == nullptr ? "" : text;
    H5Dvlen_reclaim(type, found->space.get(), H5P_DEFAULT, &text);
    return copy;
  }
  std::vector<char> text(H5Tget_size(type));
  if (H5Aread(found->handle.get(), type, text.data()) < 0) {
    throw fault("cannot be read: " + Hdf5Reason());
  }
  return FixedText(text.data(), text.size());
}

std::optional<std::vector<Hdf5File::FuelSplit>> Hdf5Reader::FuelSplits() {
  const auto fault = [&](const std::string& what) {
    return DataError(fmt::format("{}: the root's attribute \"split\" {}",
                                 state_->file_name, what));
  };
  const auto found = OpenAttribute(state_->file.get(), "split", fault);
  if (!found) return std::nullopt;
  // Members are matched by name; those left out (available, comment) are not
  // needed: what is not available has an empty range.
  constexpr std::size_t kWidth = 64;
  struct Row {
    char split[kWidth], source[kWidth];
    std::int64_t start, stop;
    hobj_ref_t indices;
  };
  const hid_t stored = found->type.get();
  if (H5Tget_class(stored) == H5T_COMPOUND) {
    for (const char* member : {"split", "source", "start", "stop", "indices"}) {
      if (H5Tget_member_index(stored, member) < 0) {
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
  constexpr hssize_t kMostRows = 10'000;
  const hssize_t count = found->Count();
  if (count < 1 || count > kMostRows) {
    throw fault(fmt::format("has {} rows, allowed: 1 to {}", count, kMostRows));
  }
  std::vector<Row> rows(static_cast<std::size_t>(count));
  if (H5Aread(found->handle.get(), type.get(), rows.data()) < 0) {
    throw fault("cannot be read: " + Hdf5Reason());
  }
  std::vector<Hdf5File::FuelSplit> splits;
  for (const Row& row : rows) {
    splits.push_back({FixedText(row.split, kWidth),
                      FixedText(row.source, kWidth), row.start, row.stop,
                      row.indices != 0});
  }
  return splits;
}

}  // namespace msdbench

#endif  // MSDBENCH_HDF5
