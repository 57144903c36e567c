#include "reports/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace msdbench {
namespace {

namespace fs = std::filesystem;

// What there is instead of a file.
const char* Named(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return "a folder";
    case S_IFIFO:
      return "a FIFO";
    case S_IFSOCK:
      return "a socket";
    default:
      return "a device";
  }
}

// The system says "no such file" of a link that leads nowhere, and the link is
// there for everybody to see.
std::string Reason(const fs::path& path, int error) {
  std::error_code unreadable;
  if (error == ENOENT && fs::is_symlink(path, unreadable)) {
    return fmt::format("it is a link to {}, which is not there",
                       fs::read_symlink(path, unreadable).string());
  }
  return std::strerror(error);
}

bool IsOpenAlready(const std::string& name) {
  return name == "/dev/stdin" || name.rfind("/dev/fd/", 0) == 0 ||
         name.rfind("/proc/self/fd/", 0) == 0;
}

}  // namespace

PathKind KindOf(const fs::path& path, ExitCode code) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISREG(status.st_mode)) return PathKind::kFile;
    if (S_ISDIR(status.st_mode)) return PathKind::kFolder;
    if (S_ISFIFO(status.st_mode) && IsOpenAlready(path.string())) {
      return PathKind::kFile;
    }
    throw Error(code, fmt::format("{}: is {}; a regular file or a folder is "
                                  "wanted",
                                  path.string(), Named(status.st_mode)));
  }
  const int error = errno;
  std::error_code ignored;
  const bool absent =
      error == ENOTDIR || (error == ENOENT && !fs::is_symlink(path, ignored));
  if (absent) return PathKind::kNothing;
  throw Error(code, path.string() + ": " + Reason(path, error));
}

void RequireFolder(const fs::path& path) {
  std::error_code error;
  const fs::directory_iterator entries(path, error);
  if (!error) return;
  throw DataError(path.string() + ": cannot be read: " +
                  (error.value() == ENOTDIR && IsFile(path)
                       ? "it is a file, a folder is wanted"
                       : Reason(path, error.value())));
}

InputFile::InputFile(const fs::path& file, ExitCode code)
    : file_(file), code_(code) {
  const auto fail = [&](const std::string& reason) {
    throw Error(code, file.string() + ": cannot be read: " + reason);
  };
  const auto check = [&](const struct stat& status) {
    if (S_ISREG(status.st_mode)) return;
    if (S_ISFIFO(status.st_mode) && IsOpenAlready(file.string())) return;
    fail(fmt::format("it is {}, a regular file is wanted",
                     Named(status.st_mode)));
  };
  struct stat status {};
  // Looked at before it is opened, since opening a device may do something.
  if (stat(file.c_str(), &status) != 0) fail(Reason(file, errno));
  check(status);
  // Not to wait where it has become a FIFO in between.
  handle_ = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (handle_ < 0) fail(Reason(file, errno));
  try {
    if (fstat(handle_, &status) != 0) fail(std::strerror(errno));
    check(status);
    const int flags = fcntl(handle_, F_GETFL);
    if (flags < 0 || fcntl(handle_, F_SETFL, flags & ~O_NONBLOCK) != 0) {
      fail(std::strerror(errno));
    }
  } catch (...) {
    close(handle_);
    throw;
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() { close(handle_); }

std::size_t InputFile::Read(char* to, std::size_t most) {
  for (;;) {
    const ssize_t count = read(handle_, to, most);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) continue;
    throw Error(code_, fmt::format("{}: reading failed midway: {}",
                                   file_.string(), std::strerror(errno)));
  }
}

InputStream::Buffer::Buffer(const fs::path& file) : file_(file) {
  constexpr std::uint64_t kMost = 1 << 16;
  bytes_.resize(std::clamp<std::uint64_t>(file_.size(), 1, kMost));
}

InputStream::Buffer::int_type InputStream::Buffer::underflow() {
  const std::size_t count = file_.Read(bytes_.data(), bytes_.size());
  if (count == 0) return traits_type::eof();
  setg(bytes_.data(), bytes_.data(), bytes_.data() + count);
  return traits_type::to_int_type(bytes_.front());
}

InputStream::InputStream(const fs::path& file)
    : std::istream(nullptr), buffer_(file) {
  rdbuf(&buffer_);
}

}  // namespace msdbench
