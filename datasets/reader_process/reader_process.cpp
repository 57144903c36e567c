#include "datasets/reader_process/reader_process.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "datasets/reader_process/child.h"
#include "datasets/reader_process/message.h"
#include "reports/error.h"

namespace msdbench {
namespace {

using Message = ReaderProcess::Message;
using std::chrono::milliseconds;

// Children that one file may end before it is given up: others of its rows may
// be sound, but each costs a new child.
constexpr int kMostDeaths = 8;

constexpr char kDamaged[] = "; the file is damaged";

std::string Cause(int status, const ReaderLimits& limits) {
  if (!WIFSIGNALED(status)) return std::string("ended on it") + kDamaged;
  const int number = WTERMSIG(status);
  const auto crashed = [](const std::string& how) {
    return fmt::format("crashed on it ({}){}", how, kDamaged);
  };
  switch (number) {
    case SIGSEGV:
      return crashed("segmentation fault");
    case SIGBUS:
      return crashed("bus error: it ends early, or its disk fails");
    case SIGABRT:
      return crashed("it called abort");
    case SIGFPE:
      return crashed("division by zero");
    case SIGPROF:
      return fmt::format("came to no end within {:g} s of computing{}",
                         static_cast<double>(limits.computing.count()) / 1000,
                         kDamaged);
    case SIGKILL:
      return "was killed from outside (for want of memory?)";
    default:
      return crashed(fmt::format("signal {}", number));
  }
}

}  // namespace

struct ReaderProcess::State {
  State(std::string file_name, std::string library_name, Open opener,
        const ReaderLimits& its_limits)
      : file(std::move(file_name)),
        library(std::move(library_name)),
        open(std::move(opener)),
        limits(its_limits) {}

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
      throw NoChild(errno);
    }
    child = fork();
    if (child == 0) {
      ServeAsChild(ends[1], file, open, limits);
    }
    const int why = errno;
    close(ends[1]);
    socket = ends[0];
    if (child < 0) {
      Stop();
      throw NoChild(why);
    }
  }

  Error NoChild(int why) const {
    return RunError(fmt::format("{}: no process to read it in: {}", file,
                                std::strerror(why)));
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
    const std::string reason = library + " " + cause;
    if (!again || ++deaths >= kMostDeaths) given_up = reason;
    throw DataError(fmt::format("{}: {}: {}", file, what, reason));
  }

  Message Exchange(const Message& request, const std::string& what) {
    std::chrono::seconds waiting = limits.waiting;
    std::string body;
    const Received received =
        Send(socket, Packed(request))
            ? Receive(socket, limits.answer, waiting, &body)
            : Received::kEnd;
    if (received == Received::kTooLong) {
      Stop();
      Fail(what,
           fmt::format("gives more than {} bytes for it{}", limits.answer,
                       kDamaged),
           true);
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
         fmt::format("wants more than {} MB of memory for it{}",
                     limits.memory >> 20, kDamaged),
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
    : state_(std::make_unique<State>(std::move(file), std::move(library),
                                     std::move(open), limits)) {
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
