#include "benchmarks/cli/standard_streams.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "reports/json_file.h"
#include "reports/record_store.h"
#include "tests/benchmarks/cli/call.h"
#include "tests/benchmarks/tiny_suite.h"
#include "tests/reports/simulated_record.h"

namespace msdbench {
namespace {

using Words = std::vector<std::string>;
using ::testing::ExitedWithCode;
using ::testing::KilledBySignal;

// As main() does it, with standard output made what `prepare` makes it.
[[noreturn]] void RunAndExit(const Words& words,
                             const std::function<void()>& prepare) {
  std::fflush(stdout);
  prepare();
  PrepareStandardStreams();
  std::exit(FinishStandardOutput(RunWords(words)));
}

void IntoAFullDisk() {
  const int full = open("/dev/full", O_WRONLY);
  if (full < 0) std::abort();
  dup2(full, STDOUT_FILENO);
  close(full);
}

void IntoAPipeThatNobodyReads() {
  std::signal(SIGPIPE, SIG_DFL);  // whatever this test was started with
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  dup2(ends[1], STDOUT_FILENO);
  close(ends[0]);
  close(ends[1]);
}

std::filesystem::path Runs() {
  static const auto kRuns = [] {
    const auto folder = FreshFolder("streams_runs");
    for (const char* method : {"none", "kd"}) {
      for (const std::uint64_t seed : {1, 2, 3, 4}) {
        WriteRecord(RecordFile(folder, "snli_ve", method, seed),
                    SimulatedRecord({"snli_ve", method, method, seed}));
      }
    }
    return folder;
  }();
  return kRuns;
}

// Every command that prints and takes no minutes.
std::vector<Words> PrintingCommands() {
  const std::string runs = Runs().string();
  const std::string data = TinyDataRoot().string();
  return {{"--help"},
          {"--version"},
          {"run", "--help"},
          {"data", "pack", "--help"},
          {"list", "methods"},
          {"list", "suites", "--json"},
          {"list", "runs", runs},
          {"list", "runs", runs, "--json"},
          {"show", runs + "/snli_ve/kd/seed-1"},
          {"report", runs, "--out", FreshFolder("streams_report").string()},
          {"compare", runs, runs},
          {"compare", runs, runs, "--json"},
          {"run", "quick", "--validate"},
          {"data", "verify", "--dataset", "snli_ve", "--data-root", data},
          {"data", "verify", "--dataset", "snli_ve", "--data-root", data,
           "--json"}};
}

class StandardOutput : public testing::Test {
 protected:
  void SetUp() override {
    if (access("/dev/full", W_OK) != 0) {
      GTEST_SKIP() << "SKIPPED: /dev/full is not there";
    }
  }
};

TEST_F(StandardOutput, OnAFullDiskIsAFailureOfEveryCommand) {
  for (const Words& words : PrintingCommands()) {
    EXPECT_EXIT(RunAndExit(words, IntoAFullDisk), ExitedWithCode(4),
                "standard output: (cannot be written: No space left on "
                "device|not all of it could be written)")
        << words[0] << " " << words.back();
  }
}

TEST_F(StandardOutput, AFailureOfTheCommandItselfStays) {
  EXPECT_EXIT(RunAndExit({"list", "planets"}, IntoAFullDisk), ExitedWithCode(2),
              "planets");
}

TEST_F(StandardOutput, LosesNoWorkWhereEventsCannotBePrinted) {
  const auto home = FreshFolder("streams_lines");
  Json suite = TinySuiteJson();
  suite["datasets"] = {suite["datasets"][0]};
  suite["methods"] = {"none"};
  WriteFileAtomically(home / "suite.json", suite.dump());
  const Words words = {"run",          (home / "suite.json").string(),
                       "--data-root",  TinyDataRoot().string(),
                       "--out",        (home / "runs").string(),
                       "--jobs",       "1",
                       "--threads",    "1",
                       "--json-lines", "--quiet"};
  EXPECT_EXIT(RunAndExit(words, IntoAFullDisk), ExitedWithCode(4),
              "1 run|2 run");
  EXPECT_TRUE(std::filesystem::exists(
      RecordFile(home / "runs", "hateful_memes", "none", 1)));
  std::filesystem::remove_all(home / "runs");
  EXPECT_EXIT(RunAndExit(words, IntoAPipeThatNobodyReads),
              KilledBySignal(SIGPIPE), "");
  EXPECT_TRUE(std::filesystem::exists(
      RecordFile(home / "runs", "hateful_memes", "none", 1)));
}

TEST(ClosedOutput, IsAFailureOnlyOfWhoPrints) {
  const auto closed = [] { close(STDOUT_FILENO); };
  EXPECT_EXIT(RunAndExit({"list", "methods"}, closed), ExitedWithCode(4),
              "standard output: cannot be written: Bad file descriptor");
  EXPECT_EXIT(
      RunAndExit({"data", "make", "--out", FreshFolder("streams_made").string(),
                  "--train", "60", "--dev", "12", "--test", "12", "--datasets",
                  "snli_ve"},
                 closed),
      ExitedWithCode(0), "");
}

TEST(ClosedOutput, NoFileIsOpenedInPlaceOfAStream) {
  const auto check = [] {
    for (const int handle : {0, 1, 2}) close(handle);
    PrepareStandardStreams();
    const int next = open("/dev/null", O_RDONLY);
    std::exit(next > STDERR_FILENO ? 0 : 1);
  };
  EXPECT_EXIT(check(), ExitedWithCode(0), "");
}

TEST(ClosedPipe, EndsLikeOtherProgramsAndSilently) {
  EXPECT_EXIT(RunAndExit({"list", "methods"}, IntoAPipeThatNobodyReads),
              KilledBySignal(SIGPIPE), "^$");
  // Who starts this with the signal ignored wants the error.
  EXPECT_EXIT(RunAndExit({"list", "methods"},
                         [] {
                           IntoAPipeThatNobodyReads();
                           std::signal(SIGPIPE, SIG_IGN);
                         }),
              ExitedWithCode(4),
              "standard output: cannot be written: Broken pipe");
}

TEST(ClosedErrors, AreNoReasonToFail) {
  EXPECT_EXIT(
      RunAndExit({"data", "make", "--out",
                  FreshFolder("streams_silent").string(), "--train", "60",
                  "--dev", "12", "--test", "12", "--datasets", "snli_ve"},
                 [] { close(STDERR_FILENO); }),
      ExitedWithCode(0), "");
}

}  // namespace
}  // namespace msdbench
