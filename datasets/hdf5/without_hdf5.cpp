// The same names in a build without HDF5: no file can be opened.
#include "datasets/hdf5/hdf5_file.h"

#ifndef MSDBENCH_HDF5

#include "reports/error.h"

namespace msdbench {
namespace {

Error NotThere(const std::string& file) {
  return DataError(file +
                   ": cannot be read: this msdbench was built without HDF5 "
                   "(install libhdf5-dev, then configure and build again)");
}

}  // namespace

bool HasHdf5() { return false; }

struct Hdf5File::State {};

Hdf5File::Hdf5File(const std::filesystem::path& file) : name_(file.string()) {
  throw NotThere(name_);
}
Hdf5File::~Hdf5File() = default;
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&&) noexcept = default;

Hdf5File::Shape Hdf5File::Expect(const std::string&, Kind, std::size_t) {
  throw NotThere(name_);
}
void Hdf5File::ReadIntegers(const std::string&, std::int64_t, std::int64_t,
                            std::size_t, std::int32_t*) {
  throw NotThere(name_);
}
std::vector<std::vector<std::int32_t>> Hdf5File::ReadLists(const std::string&,
                                                           std::int64_t,
                                                           std::int64_t) {
  throw NotThere(name_);
}
std::vector<std::string> Hdf5File::ReadTexts(const std::string&, std::int64_t,
                                             std::int64_t) {
  throw NotThere(name_);
}
std::optional<std::string> Hdf5File::TextAttribute(const std::string&,
                                                   const std::string&) {
  throw NotThere(name_);
}
std::optional<std::vector<Hdf5File::FuelSplit>> Hdf5File::FuelSplits() {
  throw NotThere(name_);
}

}  // namespace msdbench

#endif  // !MSDBENCH_HDF5
