#include "datasets/reader_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "reports/error.h"

namespace msdbench {
namespace {

using Message = ReaderProcess::Message;
using std::chrono::milliseconds;

// Children that one file may end before it is given up: others of its rows may
// be sound, but each costs a new child.
constexpr int kMostDeaths = 8;

// The first text of an answer: what the others are.
constexpr char kFine[] = "fine", kError[] = "error", kNoMemory[] = "no memory";

// A message is its length in bytes, then each text behind its own length.
void AddNumber(std::string& bytes, std::uint64_t number) {
  std::array<char, sizeof(number)> raw;
  std::memcpy(raw.data(), &number, sizeof(number));
  bytes.append(raw.data(), raw.size());
}

std::uint64_t NumberAt(std::string_view bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return number;
}
constexpr std::size_t kNumberBytes = sizeof(std::uint64_t);

std::string Packed(const Message& message) {
  std::uint64_t size = 0;
  for (const std::string& text : message) size += kNumberBytes + text.size();
  std::string bytes;
  bytes.reserve(kNumberBytes + size);
  AddNumber(bytes, size);
  for (const std::string& text : message) {
    AddNumber(bytes, text.size());
    bytes += text;
  }
  return bytes;
}

// Nothing where the lengths do not fit: a child may have lost its mind before
// it crashes.
std::optional<Message> Unpacked(std::string_view bytes) {
  Message message;
  while (!bytes.empty()) {
    if (bytes.size() < kNumberBytes) return std::nullopt;
    const std::uint64_t size = NumberAt(bytes);
    bytes.remove_prefix(kNumberBytes);
    if (size > bytes.size()) return std::nullopt;
    message.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return message;
}

// Whether all went out.
bool Send(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

enum class Received { kWhole, kEnd, kTooLate };

// Counts seconds in which it waited, not those in which the program was
// stopped or asleep.
Received Receive(int socket, char* out, std::size_t size,
                 std::chrono::seconds& waiting) {
  while (size > 0) {
    pollfd ready = {socket, POLLIN, 0};
    const int count = poll(&ready, 1, 1000);
    if (count == 0 && --waiting <= std::chrono::seconds(0)) {
      return Received::kTooLate;
    }
    if (count <= 0) continue;
    const ssize_t received = recv(socket, out, size, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return Received::kEnd;
    out += received;
    size -= static_cast<std::size_t>(received);
  }
  return Received::kWhole;
}

// ---- in the child

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

void Limit(int resource, rlim_t most) {
  rlimit limit;
  if (getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0) {
    return;
  }
  limit.rlim_cur = std::min(limit.rlim_max, most);
  setrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
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
  } catch (const std::exception& failure) {
    return error(ExitCode::kData, file + ": " + failure.what());
  }
}

// A request comes first for opening, then one for each call.
[[noreturn]] void Serve(int socket, const std::string& file,
                        const ReaderProcess::Open& open,
                        const ReaderLimits& limits) {
  ReaderProcess::Answer answer;
  for (bool alive = true; alive;) {
    std::array<char, kNumberBytes> head;
    std::string body;
    std::chrono::seconds forever = std::chrono::hours(24 * 365);
    if (Receive(socket, head.data(), head.size(), forever) !=
        Received::kWhole) {
      break;
    }
    body.resize(NumberAt({head.data(), head.size()}));
    if (Receive(socket, body.data(), body.size(), forever) !=
        Received::kWhole) {
      break;
    }
    LimitComputing(limits.computing);
    const Message reply = Answered(file, [&]() -> Message {
      if (answer) return answer(Unpacked(body).value());
      answer = open();
      return {};
    });
    LimitComputing(milliseconds(0));
    alive = Send(socket, Packed(reply));
  }
  _exit(0);
}

std::string Cause(int status, const ReaderLimits& limits) {
  if (!WIFSIGNALED(status)) return "ended on it";
  const int signal = WTERMSIG(status);
  switch (signal) {
    case SIGSEGV:
      return "crashed on it (segmentation fault)";
    case SIGBUS:
      return "crashed on it (bus error: behind the end of the file)";
    case SIGABRT:
      return "crashed on it (it called abort)";
    case SIGFPE:
      return "crashed on it (division by zero)";
    case SIGPROF:
      return fmt::format("came to no end within {:g} s of computing",
                         static_cast<double>(limits.computing.count()) / 1000);
    default:
      return fmt::format("crashed on it (signal {})", signal);
  }
}

}  // namespace

struct ReaderProcess::State {
  const std::string file, library;
  const Open open;
  const ReaderLimits limits;
  std::mutex mutex;
  pid_t child = -1;
  int socket = -1;
  int deaths = 0;
  std::string given_up;  // why no child is started any more

  void Start() {
    // One at a time: a child that inherits another's end of its socket would
    // hide the other's death.
    static std::mutex starting;
    const std::lock_guard<std::mutex> lock(starting);
    std::array<int, 2> ends;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      throw NoChild();
    }
    child = fork();
    if (child == 0) {
      Serve(LeaveTheParent(ends[1], limits), file, open, limits);
    }
    const Error error = NoChild();  // before errno is another's
    close(ends[1]);
    socket = ends[0];
    if (child < 0) {
      Stop();
      throw error;
    }
  }

  Error NoChild() const {
    return RunError(fmt::format("{}: no process to read it in: {}", file,
                                std::strerror(errno)));
  }

  void Stop() {
    if (socket >= 0) close(std::exchange(socket, -1));
    if (child <= 0) return;
    kill(child, SIGKILL);
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    child = -1;
  }

  // The exit status of a child that is dead or about to be, since without a
  // socket it ends.
  int Ended() {
    close(std::exchange(socket, -1));
    for (int tries = 0; tries < 1000; ++tries) {
      int status = 0;
      const pid_t ended = waitpid(child, &status, WNOHANG);
      if (ended == child) {
        child = -1;
        return status;
      }
      if (ended < 0 && errno != EINTR) break;
      std::this_thread::sleep_for(milliseconds(5));
    }
    Stop();
    return 0;
  }

  [[noreturn]] void Fail(const std::string& what, const std::string& cause,
                         bool again) {
    const std::string reason =
        fmt::format("{} {}; the file is damaged", library, cause);
    if (!again || ++deaths >= kMostDeaths) given_up = reason;
    throw DataError(fmt::format("{}: {}: {}", file, what, reason));
  }

  Message Exchange(const Message& request, const std::string& what) {
    const bool sent = Send(socket, Packed(request));
    std::chrono::seconds waiting = limits.waiting;
    std::array<char, kNumberBytes> head;
    Received received = sent
                            ? Receive(socket, head.data(), head.size(), waiting)
                            : Received::kEnd;
    std::string body;
    if (received == Received::kWhole) {
      const std::uint64_t size = NumberAt({head.data(), head.size()});
      if (size > limits.answer) {
        Stop();
        Fail(what,
             fmt::format("gives {} bytes for it, allowed: {}", size,
                         limits.answer),
             true);
      }
      body.resize(size);
      received = Receive(socket, body.data(), size, waiting);
    }
    if (received == Received::kTooLate) {
      Stop();
      given_up = fmt::format("{} gave no answer within {} s", library,
                             limits.waiting.count());
      throw DataError(fmt::format("{}: {}: {}", file, what, given_up));
    }
    auto answer = received == Received::kWhole ? Unpacked(body) : std::nullopt;
    if (!answer || answer->empty()) {
      const int status = Ended();
      const bool hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF;
      Fail(what, Cause(status, limits), !hung);
    }
    return *std::move(answer);
  }

  Message Ask(const Message& request, const std::string& what) {
    Message answer = Exchange(request, what);
    const std::string kind = answer[0];
    if (kind == kFine) {
      answer.erase(answer.begin());
      return answer;
    }
    if (kind == kError && answer.size() == 3) {
      throw Error(static_cast<ExitCode>(std::atoi(answer[1].c_str())),
                  answer[2]);
    }
    Stop();  // what it holds of memory goes with it
    Fail(what,
         fmt::format("wants more than {} MB of memory for it",
                     limits.memory >> 20),
         true);
  }

  void StartAndOpen() {
    Start();
    try {
      Ask({}, "cannot be opened");
    } catch (...) {
      Stop();
      throw;
    }
  }
};

ReaderProcess::ReaderProcess(std::string file, std::string library, Open open,
                             const ReaderLimits& limits)
    : state_(new State{std::move(file),
                       std::move(library),
                       std::move(open),
                       limits,
                       {},
                       -1,
                       -1,
                       0,
                       {}}) {
  state_->StartAndOpen();
}

ReaderProcess::~ReaderProcess() { state_->Stop(); }

Message ReaderProcess::Ask(const Message& request, const std::string& what) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (!state_->given_up.empty()) {
    throw DataError(
        fmt::format("{}: {}: {}", state_->file, what, state_->given_up));
  }
  if (state_->child < 0) state_->StartAndOpen();
  return state_->Ask(request, what);
}

}  // namespace msdbench
