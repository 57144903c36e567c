#include "reports/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "reports/error.h"

namespace msdbench {

AtomicFile::AtomicFile(const std::filesystem::path& file) : file_(file) {
  if (file.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    if (error) Fail(error.value());
  }
  // A rename would put a file in the place of a device or a FIFO.
  struct stat status {};
  if (stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    throw RunError(file.string() +
                   ": cannot be written: a folder, a FIFO or a device has "
                   "that name; a file is wanted");
  }
  // Never an existing name: on a shared folder another machine's process may
  // have the same id.
  static std::atomic<unsigned> counter{0};
  do {
    temporary_ = file;
    temporary_ += fmt::format(".{}-{}.tmp", getpid(), counter++);
    handle_ =
        open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  } while (handle_ < 0 && errno == EEXIST);
  if (handle_ < 0) Fail(errno);
}

AtomicFile::~AtomicFile() {
  if (handle_ < 0) return;  // committed
  close(handle_);
  std::remove(temporary_.c_str());
}

void AtomicFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(handle_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) Fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::Replace(std::size_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) Fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::size_t>(written);
  }
}

void AtomicFile::Commit() {
  if (fsync(handle_) != 0) Fail(errno);
  const int closed = close(handle_);
  handle_ = -1;
  if (closed != 0 || std::rename(temporary_.c_str(), file_.c_str()) != 0) {
    const int reason = errno;
    std::remove(temporary_.c_str());
    Fail(reason);
  }
}

void AtomicFile::Fail(int reason) const {
  throw RunError(file_.string() +
                 ": cannot be written: " + std::strerror(reason));
}

bool ClearPlaceOf(const std::filesystem::path& file) {
  struct stat status {};
  // A link that leads nowhere gives way to a rename.
  if (stat(file.c_str(), &status) != 0 || S_ISREG(status.st_mode)) return false;
  if (std::remove(file.c_str()) == 0 || errno == ENOENT) return true;
  throw RunError(fmt::format(
      "{}: no file but a folder or a device, which cannot be removed ({}); "
      "move it away",
      file.string(), std::strerror(errno)));
}

}  // namespace msdbench
