#include "tests/fuzz/input_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/fuzz/fuzz_target.h"

namespace msdbench::fuzz {

std::filesystem::path InputFile(std::string_view bytes, int slot) {
  static const std::array<int, 2> kHandles = {
      memfd_create("fuzz input", MFD_CLOEXEC),
      memfd_create("second fuzz input", MFD_CLOEXEC)};
  const int handle = kHandles.at(static_cast<std::size_t>(slot));
  Expect(handle >= 0 && ftruncate(handle, 0) == 0, "no file in memory");
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t written = pwrite(handle, bytes.data() + at, bytes.size() - at,
                                   static_cast<off_t>(at));
    Expect(written > 0, "the file in memory cannot be written");
    at += static_cast<std::size_t>(written);
  }
  // Not "self": a process that reads for this one opens it too.
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(handle);
}

}  // namespace msdbench::fuzz
