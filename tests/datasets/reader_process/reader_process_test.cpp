#include "datasets/reader_process/reader_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <stdexcept>
#include <thread>

#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using Message = ReaderProcess::Message;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// Volatile, or the optimiser takes what follows a fault for dead.
volatile std::uint64_t kept = 0;
const std::uint64_t* volatile nowhere = nullptr;

[[noreturn]] void Die(int number) {
  raise(number);
  _exit(0);  // where that signal was blocked
}

void TakeMemory() {
  for (;;) {
    auto* taken = new char[std::size_t{16} << 20];
    for (std::size_t i = 0; i < std::size_t{16} << 20; i += 4096) taken[i] = 1;
    kept = kept + static_cast<std::uint64_t>(taken[4096]);
  }
}

// A library that does what it is asked for.
ReaderProcess::Answer Library() {
  return [calls = std::uint64_t{0}](const Message& request) mutable -> Message {
    ++calls;
    const std::string& what = request.at(0);
    if (what == "echo") return request;
    if (what == "calls") return {std::to_string(calls)};
    if (what == "process") return {std::to_string(getpid())};
    if (what == "raise") Die(std::stoi(request.at(1)));
    if (what == "null") kept = *nowhere;
    if (what == "abort") std::abort();
    if (what == "exit") _exit(0);
    if (what == "spin") {
      for (;;) kept = kept + 1;
    }
    if (what == "sleep") {
      for (;;) pause();
    }
    if (what == "memory") TakeMemory();
    if (what == "many") return {std::string(std::stoul(request.at(1)), 'x')};
    if (what == "usage") throw UsageError("file: usage");
    if (what == "data") throw DataError("file: data");
    if (what == "other") throw std::runtime_error("odd\nthing");
    if (what == "open files") {
      std::vector<std::string> names;
      for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code error;  // the one of this look itself is gone
        names.push_back(fs::read_symlink(entry.path(), error).string());
      }
      return names;
    }
    return {};
  };
}

ReaderLimits Short() {
  ReaderLimits limits;
  limits.computing = std::chrono::milliseconds(500);
  limits.memory = std::uint64_t{256} << 20;
  limits.answer = 1000;
  return limits;
}

std::string Fault(ReaderProcess& process, const Message& request) {
  return ErrorOf([&] { process.Ask(request, "row 5"); });
}

TEST(ReaderProcess, AnswersComeBackAsTheyAre) {
  ReaderProcess process("file", "the library", Library);
  EXPECT_THAT(process.Ask({"nothing"}, "row"), testing::IsEmpty());
  const Message odd = {"echo", "", std::string("a\0b\n", 4), "\xff\xfe"};
  EXPECT_EQ(process.Ask(odd, "row"), odd);
  const Message large = {"echo", std::string(5'000'000, 'y'), "end"};
  EXPECT_EQ(process.Ask(large, "row"), large);
  EXPECT_THAT(process.Ask({"calls"}, "row"), ElementsAre("4"));
}

TEST(ReaderProcess, ErrorsAreThrownAndTheChildGoesOn) {
  ReaderProcess process("file", "the library", Library);
  EXPECT_EQ(Fault(process, {"data"}), "file: data");
  EXPECT_EQ(ErrorOf([&] { process.Ask({"usage"}, "row"); }, ExitCode::kUsage),
            "file: usage");
  EXPECT_EQ(Fault(process, {"other"}), "file: odd?thing");
  EXPECT_THAT(process.Ask({"calls"}, "row"), ElementsAre("4"));
}

TEST(ReaderProcess, WhatOpeningThrowsIsThrown) {
  const auto error = [](ReaderProcess::Open open) {
    return ErrorOf([&] { ReaderProcess("file", "the library", open); });
  };
  EXPECT_EQ(error([]() -> ReaderProcess::Answer {
              throw DataError("file: not one");
            }),
            "file: not one");
  EXPECT_EQ(error([]() -> ReaderProcess::Answer { Die(SIGBUS); }),
            "file: cannot be opened: the library crashed on it (bus error: "
            "it ends early, or its disk fails); the file is damaged");
}

TEST(ReaderProcess, EveryDeathIsOneErrorAndANewChildAnswers) {
  const std::vector<std::pair<Message, const char*>> deaths = {
      {{"null"}, "crashed on it (segmentation fault)"},
      {{"raise", std::to_string(SIGBUS)}, "crashed on it (bus error"},
      {{"raise", std::to_string(SIGFPE)}, "crashed on it (division by zero)"},
      {{"raise", std::to_string(SIGILL)}, "crashed on it (signal 4)"},
      {{"abort"}, "crashed on it (it called abort)"},
      {{"exit"}, "ended on it"},
  };
  ReaderProcess process("file", "the library", Library);
  for (const auto& [request, cause] : deaths) {
    EXPECT_THAT(Fault(process, request),
                AllOf(StartsWith("file: row 5: the library "), HasSubstr(cause),
                      EndsWith("; the file is damaged")));
    EXPECT_THAT(process.Ask({"calls"}, "row"), ElementsAre("1")) << cause;
  }
}

TEST(ReaderProcess, WhoIsKilledHasNoDamagedFile) {
  ReaderProcess process("file", "the library", Library);
  EXPECT_EQ(Fault(process, {"raise", std::to_string(SIGKILL)}),
            "file: row 5: the library was killed from outside (for want of "
            "memory?)");
}

TEST(ReaderProcess, AFileThatKillsManyIsGivenUp) {
  ReaderProcess process("file", "the library", Library);
  int deaths = 0;
  std::string last;
  for (; deaths < 100; ++deaths) {
    last = Fault(process, {"abort"});
    try {
      process.Ask({"calls"}, "row 6");
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("row 6: the library crashed on it"));
      break;
    }
  }
  EXPECT_LT(deaths, 20);
  EXPECT_GT(deaths, 2);
}

TEST(ReaderProcess, WhatComesToNoEndIsStoppedOnce) {
  const Tree tree;
  const std::string opened = tree.Path("opened");
  ReaderProcess process(
      "file", "the library",
      [opened] {
        std::ofstream(opened, std::ios::app) << "x";
        return Library();
      },
      Short());
  const std::string reason =
      "the library came to no end within 0.5 s of computing; the file is "
      "damaged";
  EXPECT_EQ(Fault(process, {"spin"}), "file: row 5: " + reason);
  EXPECT_EQ(Fault(process, {"echo"}), "file: row 5: " + reason);
  EXPECT_EQ(ReadTextFile(opened), "x");
}

TEST(ReaderProcess, WhatSleepsForeverIsStopped) {
  ReaderLimits limits;
  limits.waiting = std::chrono::seconds(2);
  ReaderProcess process("file", "the library", Library, limits);
  EXPECT_EQ(Fault(process, {"sleep"}),
            "file: row 5: the library gave no answer within 2 s");
}

TEST(ReaderProcess, MemoryHasItsLimit) {
  ReaderLimits limits = Short();
  limits.computing = std::chrono::seconds(60);
  ReaderProcess process("file", "the library", Library, limits);
  // Where a sanitizer allocates, it ends the process itself.
  EXPECT_THAT(
      Fault(process, {"memory"}),
      testing::AnyOf(
          HasSubstr("the library wants more than 256 MB of memory for it"),
          HasSubstr("the library ended on it"),
          HasSubstr("the library crashed on it")));
  EXPECT_THAT(process.Ask({"calls"}, "row"), ElementsAre("1"));
}

TEST(ReaderProcess, AnAnswerHasItsLimit) {
  ReaderProcess process("file", "the library", Library, Short());
  EXPECT_EQ(process.Ask({"many", "900"}, "row")[0].size(), 900U);
  EXPECT_THAT(Fault(process, {"many", "2000"}),
              HasSubstr("gives more than 1000 bytes for it"));
  EXPECT_THAT(process.Ask({"calls"}, "row"), ElementsAre("1"));
}

TEST(ReaderProcess, TheChildHoldsNothingOfItsParentAndEndsWithItsOwner) {
  const Tree tree;
  std::ofstream open_here(tree.Path("open"));
  pid_t child = 0;
  {
    ReaderProcess process("file", "the library", Library);
    child = std::stoi(process.Ask({"process"}, "row")[0]);
    EXPECT_NE(child, getpid());
    EXPECT_EQ(kill(child, 0), 0);
    for (const std::string& name : process.Ask({"open files"}, "row")) {
      EXPECT_THAT(name, testing::Not(HasSubstr(tree.root().string())));
    }
  }
  EXPECT_EQ(kill(child, 0), -1) << "it is still there";
}

TEST(ReaderProcess, AnyNumberOfThreadsAsk) {
  ReaderProcess shared("file", "the library", Library);
  std::vector<std::thread> threads;
  std::vector<int> right(8, 0);
  for (std::size_t t = 0; t < right.size(); ++t) {
    threads.emplace_back([&, t] {
      ReaderProcess own("file", "the library", Library);
      for (int i = 0; i < 50; ++i) {
        const Message request = {"echo", std::to_string(t), std::to_string(i)};
        right[t] += shared.Ask(request, "row") == request &&
                    own.Ask(request, "row") == request;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(8, 50));
}

}  // namespace
}  // namespace msdbench
