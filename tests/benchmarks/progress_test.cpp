#include "benchmarks/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/benchmarks/memory_file.h"

namespace msdbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

EpochReport SecondEpoch() {
  EpochReport report;
  report.epoch = 2;
  report.losses = {{"total", 0.25}, {"task", 0.5}};
  report.dev = {{"accuracy", 0.75, ""}};
  return report;
}

TEST(ClockText, LeavesOutHoursThatAreNone) {
  EXPECT_EQ(ClockText(0), "0:00");
  EXPECT_EQ(ClockText(64.6), "1:05");
  EXPECT_EQ(ClockText(7380), "2:03:00");
}

TEST(Progress, InAPipeIsALineAnEpochAndALineARun) {
  MemoryFile out;
  Progress progress(ProgressStyle::kLines, 12, 2, out.file());
  const int run = progress.Begin("snli_ve kd seed 1", 1);
  progress.Step(run, 0.5);
  EXPECT_EQ(out.Text(), "");
  progress.Epoch(run, SecondEpoch(), 8);
  EXPECT_EQ(out.Text(),
            "snli_ve kd seed 1: epoch 2/8  loss 0.2500  dev accuracy 0.750\n");
  progress.End(run, "accuracy 75.0");
  const std::string text = out.Text();
  EXPECT_THAT(text, HasSubstr("[ 1/12] snli_ve kd seed 1"));
  EXPECT_THAT(text, HasSubstr("accuracy 75.0"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Progress, AWorkBeforeTrainingIsALineInAPipe) {
  MemoryFile out;
  Progress progress(ProgressStyle::kLines, 1, 1, out.file());
  const int run = progress.Begin("vqa_v2 teacher", 1);
  progress.Phase(run, "decoding the 120 images of train2014");
  EXPECT_EQ(out.Text(),
            "vqa_v2 teacher: decoding the 120 images of train2014\n");
}

TEST(Progress, AQuietOneTellsNoWork) {
  MemoryFile out;
  Progress progress(ProgressStyle::kQuiet, 1, 1, out.file());
  progress.Phase(progress.Begin("vqa_v2 teacher", 1), "decoding");
  EXPECT_EQ(out.Text(), "");
}

TEST(Progress, AnUndefinedMetricIsSaidInAWord) {
  MemoryFile out;
  Progress progress(ProgressStyle::kLines, 1, 1, out.file());
  EpochReport report = SecondEpoch();
  report.dev[0].value.reset();
  progress.Epoch(progress.Begin("a", 1), report, 2);
  EXPECT_THAT(out.Text(), HasSubstr("dev accuracy undefined"));
}

TEST(Progress, QuietLosesNothingButNotes) {
  MemoryFile out;
  Progress progress(ProgressStyle::kQuiet, 1, 1, out.file());
  const int run = progress.Begin("a", 1);
  progress.Epoch(run, SecondEpoch(), 2);
  progress.End(run, "done");
  EXPECT_EQ(out.Text(), "");
  progress.Note("the teacher is at chance");
  EXPECT_EQ(out.Text(), "the teacher is at chance\n");
}

TEST(Progress, OnATerminalTheStatusGivesWayToWholeLines) {
  MemoryFile out;
  {
    Progress progress(ProgressStyle::kTerminal, 2, 4, out.file());
    const int a = progress.Begin("first", 3);
    progress.Begin("second", 1);
    EXPECT_THAT(out.Text(), HasSubstr("0/2 runs    0 %  -:-- left"));
    progress.End(a, "done");
    // Cleared before the line, drawn again after it.
    const std::string text = out.Text();
    EXPECT_THAT(text, HasSubstr("\r\033[K[1/2] first"));
    EXPECT_THAT(text, HasSubstr("1/2 runs   75 %"));
  }
  const std::string whole = out.Text();
  EXPECT_EQ(whole.substr(whole.size() - 4), "\r\033[K");
}

TEST(Progress, TheStatusIsCutToTheTerminal) {
  MemoryFile out;
  Progress progress(ProgressStyle::kTerminal, 1, 1, out.file());
  progress.Begin(std::string(500, 'x'), 1);
  const std::string text = out.Text();
  EXPECT_THAT(text, HasSubstr("xxx\033[K"));
  EXPECT_LE(text.size(), 80 + std::string("\r\033[K").size());
}

TEST(Progress, LinesOfManyThreadsStayWhole) {
  MemoryFile out;
  Progress progress(ProgressStyle::kLines, 40, 40, out.file());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const int run = progress.Begin("run", 1);
        progress.Step(run, 0.5);
        progress.End(run, "done");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = out.Text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 40);
  EXPECT_THAT(text, HasSubstr("[40/40] run"));
}

}  // namespace
}  // namespace msdbench
