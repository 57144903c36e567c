#include "datasets/reader_process/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include "datasets/reader_process/message.h"
#include "reports/error.h"

namespace msdbench {
namespace {

using Message = ReaderProcess::Message;
using std::chrono::milliseconds;

// Bytes of memory of its own, which a limit counts from: the sixth column.
std::uint64_t DataBytes() {
  std::array<char, 256> text = {};
  const int file = open("/proc/self/statm", O_RDONLY);
  const ssize_t size = read(file, text.data(), text.size() - 1);
  close(file);
  std::uint64_t pages = 0;
  char* at = text.data();
  for (int column = 0; size > 0 && column < 6; ++column) {
    pages = std::strtoull(at, &at, 10);
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

template <typename Resource>
void Limit(Resource resource, rlim_t most) {
  rlimit limit;
  if (getrlimit(resource, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, most);
  setrlimit(resource, &limit);
}

// Takes from the child what a fork inherits and a reader must not have. Returns
// the socket's new number.
int LeaveTheParent(int socket, const ReaderLimits& limits) {
  // Faults end it silently; the terminal's signals are the parent's matter.
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP,
                           SIGPROF, SIGTERM, SIGCHLD, SIGALRM}) {
    std::signal(number, SIG_DFL);
  }
  for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGPIPE}) {
    std::signal(number, SIG_IGN);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // Output and locks must not stay open through it, and the C library's last
  // words ("free(): invalid pointer") are no line for a person.
  constexpr int kSocket = 3;
  socket = fcntl(socket, F_DUPFD, kSocket + 1);
  const int nowhere = open("/dev/null", O_RDWR);
  for (int handle = 0; handle < kSocket; ++handle) {
    if (nowhere < 0 || dup2(nowhere, handle) < 0) close(handle);
  }
  dup2(socket, kSocket);
#ifdef SYS_close_range
  syscall(SYS_close_range, kSocket + 1U, ~0U, 0U);
#endif
  prctl(PR_SET_NAME, "msdbench reader");
  // Not 0, which a program that collects core files does not heed.
  Limit(RLIMIT_CORE, 1);
  Limit(RLIMIT_DATA, DataBytes() + limits.memory);
  return kSocket;
}

// Ends the child by SIGPROF when it has computed for longer than that.
void LimitComputing(milliseconds most) {
  itimerval timer = {};
  timer.it_value.tv_sec = most.count() / 1000;
  timer.it_value.tv_usec = most.count() % 1000 * 1000;
  setitimer(ITIMER_PROF, &timer, nullptr);
}

template <typename Call>
Message Answered(const std::string& file, const Call& call) {
  const auto error = [](ExitCode code, const std::string& what) -> Message {
    return {kError, std::to_string(static_cast<int>(code)), what};
  };
  try {
    Message answer = call();
    answer.insert(answer.begin(), kFine);
    return answer;
  } catch (const Error& failure) {
    return error(failure.code(), failure.what());
  } catch (const std::bad_alloc&) {
    return {kNoMemory};
  } catch (const std::length_error&) {
    return {kNoMemory};
  } catch (const std::exception& failure) {
    return error(ExitCode::kData, file + ": " + failure.what());
  }
}

}  // namespace

void ServeAsChild(int socket, const std::string& file,
                  const ReaderProcess::Open& open, const ReaderLimits& limits) {
  socket = LeaveTheParent(socket, limits);
  ReaderProcess::Answer answer;
  std::string request;
  std::chrono::seconds forever = std::chrono::hours(24 * 365 * 100);
  while (Receive(socket, limits.answer, forever, &request) ==
         Received::kWhole) {
    LimitComputing(limits.computing);
    const Message reply = Answered(file, [&]() -> Message {
      if (answer) return answer(Unpacked(request).value());
      answer = open();
      return {};
    });
    LimitComputing(milliseconds(0));
    if (!Send(socket, Packed(reply))) break;
  }
  _exit(0);
}

}  // namespace msdbench
