#include "benchmarks/cli/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "reports/error.h"

namespace msdbench {
namespace {

bool pipe_signal_was_ignored = true;

constexpr int kNoReason = -1;

// What went wrong before the last flush has left no reason, but what standard
// output is may tell it.
int ReasonNow() {
  const int flags = fcntl(STDOUT_FILENO, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) return EBADF;
  pollfd output = {STDOUT_FILENO, 0, 0};
  if (poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0) return EPIPE;
  return kNoReason;
}

// 0 when all that was printed has been taken.
int OutputError() {
  std::cout.flush();
  const bool failed_before = std::ferror(stdout) != 0 || !std::cout.good();
  errno = 0;
  if (std::fflush(stdout) != 0) return errno != 0 ? errno : ReasonNow();
  if (failed_before || std::ferror(stdout) != 0) return ReasonNow();
  // Network file systems tell of a full disk only when a file is closed.
  const int copy = dup(STDOUT_FILENO);
  if (copy >= 0 && close(copy) != 0) return errno;
  return 0;
}

}  // namespace

void PrepareStandardStreams() {
  for (const int handle : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(handle, F_GETFD) >= 0 || errno != EBADF) continue;
    // Opened to read only, so that writing to it is an error as before.
    const int taken =
        open("/dev/null", handle == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    if (taken >= 0 && taken != handle) close(taken);
  }
  pipe_signal_was_ignored = std::signal(SIGPIPE, SIG_IGN) == SIG_IGN;
}

int FinishStandardOutput(int code) {
  const int error = OutputError();
  if (error == 0) return code;
  if (error == EPIPE && !pipe_signal_was_ignored) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  if (error == kNoReason) {
    std::fputs("msdbench: standard output: not all of it could be written\n",
               stderr);
  } else {
    std::fprintf(stderr, "msdbench: standard output: cannot be written: %s\n",
                 std::strerror(error));
  }
  return code == 0 ? static_cast<int>(ExitCode::kRunFailed) : code;
}

}  // namespace msdbench
