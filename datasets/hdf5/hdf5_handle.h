// What the library itself asks of its callers: identifiers closed, errors taken
// from its own stack. Only where HDF5 is there.
#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

namespace msdbench {

// An identifier that is closed in the end; negative where a call failed.
class Hdf5Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(closer_, other.closer_);
    return *this;
  }
  ~Hdf5Handle() {
    if (id_ >= 0) closer_(id_);
  }
  hid_t get() const { return id_; }
  bool ok() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  Closer closer_ = nullptr;
};

// What the call that failed last says at its innermost, in one line, and what
// can be done where it is the file's version.
std::string Hdf5Reason();

}  // namespace msdbench
