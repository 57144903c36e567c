// What the library itself asks of its callers: identifiers closed, one thread
// at a time, errors taken from its own stack. Only where HDF5 is there.
#pragma once

#include <hdf5.h>

#include <mutex>
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

// Held for as long as the library is called. Silences what it prints of errors,
// which is a setting of each thread in some builds.
class Hdf5Lock {
 public:
  Hdf5Lock() : lock_(Mutex()) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5Eclear2(H5E_DEFAULT);
  }

 private:
  static std::mutex& Mutex() {
    static std::mutex mutex;
    return mutex;
  }
  std::lock_guard<std::mutex> lock_;
};

// What the failed call says at its innermost, in one line.
std::string Hdf5Reason();

}  // namespace msdbench
