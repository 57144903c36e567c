// A file of the cache that is not what was written is told and made anew.

#include "benchmarks/cache_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <functional>

#include "benchmarks/prepared_data.h"
#include "benchmarks/runner.h"
#include "reports/file_state.h"
#include "reports/json_file.h"
#include "reports/record_store.h"
#include "reports/safetensors.h"
#include "tests/benchmarks/tiny_suite.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CacheFileTest : public testing::Test {
 protected:
  // Returns whether the file was used as it was.
  bool Use() {
    CacheFile cached;
    cached.file = file_;
    cached.make = [&] {
      ++made_;
      const std::uint64_t value = 7;
      WriteSafetensors(file_, {{"a", "U64", {1}, &value, 8}}, {{kSeal, ""}});
    };
    cached.check = [&] { CheckSeal(file_, {}); };
    cached.use = [&] {
      std::memcpy(&value_, SafetensorsFile(file_).Get("a").data, 8);
    };
    WorkReport report;
    report.note = [&](const std::string& line) { notes_.push_back(line); };
    return UseCacheFile(cached, tree_.root(), report);
  }

  Tree tree_;
  const fs::path file_ = tree_.root() / "sub/a.safetensors";
  int made_ = 0;
  std::uint64_t value_ = 0;
  std::vector<std::string> notes_;
};

TEST_F(CacheFileTest, IsMadeOnceAndUsedFromThenOn) {
  EXPECT_FALSE(Use());
  EXPECT_TRUE(Use());
  EXPECT_EQ(made_, 1);
  EXPECT_EQ(value_, 7);
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(CacheFileTest, HasEveryByteOrIsMadeAnew) {
  Use();
  const std::string whole = ReadTextFile(file_);
  for (std::size_t length = 0; length < whole.size(); length += 5) {
    std::ofstream(file_, std::ios::binary) << whole.substr(0, length);
    EXPECT_FALSE(Use()) << length;
    EXPECT_EQ(ReadTextFile(file_), whole);
  }
  std::ofstream(file_, std::ios::binary) << whole + "x";
  EXPECT_FALSE(Use());
  for (std::size_t place = 0; place < whole.size(); ++place) {
    std::string bytes = whole;
    bytes[place] = static_cast<char>(bytes[place] ^ 0x04);
    std::ofstream(file_, std::ios::binary) << bytes;
    value_ = 0;
    EXPECT_FALSE(Use()) << place;
    EXPECT_EQ(value_, 7);
  }
  EXPECT_THAT(notes_, SizeIs(made_ - 1));
  EXPECT_THAT(notes_.front(), HasSubstr("sub/a.safetensors: "));
  EXPECT_THAT(notes_.front(), HasSubstr("this file of the cache is made anew"));
}

TEST_F(CacheFileTest, WhatIsNoFileGivesWay) {
  Use();
  const fs::path fifo = tree_.root() / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const std::vector<std::function<void()>> places = {
      [&] { ASSERT_EQ(mkfifo(file_.c_str(), 0600), 0); },
      [&] { fs::create_symlink(fifo, file_); },
      [&] { fs::create_symlink("/dev/null", file_); },
      [&] { fs::create_directory_symlink(tree_.root(), file_); },
      [&] { fs::create_symlink("gone", file_); },
      [&] { fs::create_directory(file_); }};
  for (std::size_t i = 0; i < places.size(); ++i) {
    SCOPED_TRACE(i);
    fs::remove(file_);
    places[i]();
    value_ = 0;
    EXPECT_FALSE(Use());
    EXPECT_EQ(value_, 7);
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(file_)));
    EXPECT_TRUE(Use());
    EXPECT_THAT(notes_, SizeIs(i + 1));
    EXPECT_THAT(notes_.back(), HasSubstr("sub/a.safetensors: "));
  }
  EXPECT_TRUE(fs::is_fifo(fifo));
  // What somebody keeps in a folder is not removed.
  fs::remove(file_);
  tree_.Write("sub/a.safetensors/mine", "x");
  EXPECT_THAT(ErrorOf([&] { Use(); }, ExitCode::kRunFailed),
              HasSubstr("sub/a.safetensors: no file but a folder"));
  EXPECT_TRUE(fs::exists(file_ / "mine"));
}

TEST_F(CacheFileTest, AFaultThatIsNotTheFilesIsThrown) {
  CacheFile cached;
  cached.file = file_;
  cached.make = [] { throw DataError("no such picture"); };
  cached.check = cached.use = [] {};
  EXPECT_EQ(ErrorOf([&] { UseCacheFile(cached, tree_.root(), {}); }),
            "no such picture");
}

TEST(CheckOnce, RemembersALargeFileUntilItChanges) {
  const Tree tree;
  const fs::path file = tree.root() / "large", cache = tree.root() / "cache";
  std::ofstream(file) << "x";
  fs::resize_file(file, std::uintmax_t{65} << 20);  // sparse
  int checks = 0;
  const auto check = [&] { CheckOnce(file, cache, [&] { ++checks; }); };
  check();
  check();
  EXPECT_EQ(checks, 1);
  for (const auto& mark : fs::directory_iterator(cache / "checked")) {
    std::ofstream(mark.path()) << "cut";
  }
  check();
  EXPECT_EQ(checks, 2);
  fs::resize_file(file, (std::uintmax_t{65} << 20) + 1);
  check();
  EXPECT_EQ(checks, 3);
  // A FIFO in the mark's place is not opened, which would wait for ever.
  const fs::path mark = fs::directory_iterator(cache / "checked")->path();
  fs::remove(mark);
  ASSERT_EQ(mkfifo(mark.c_str(), 0600), 0);
  check();
  check();
  EXPECT_EQ(checks, 4);
  // A refused one is not remembered.
  fs::resize_file(file, (std::uintmax_t{65} << 20) + 2);
  const auto refuse = [] { throw DataError("damaged"); };
  EXPECT_EQ(ErrorOf([&] { CheckOnce(file, cache, refuse); }), "damaged");
  check();
  EXPECT_EQ(checks, 5);
}

TEST(CheckOnce, ReadsASmallFileEachTime) {
  const Tree tree;
  tree.Write("small", "x");
  int checks = 0;
  for (int i = 0; i < 2; ++i) {
    CheckOnce(tree.root() / "small", tree.root(), [&] { ++checks; });
  }
  EXPECT_EQ(checks, 2);
}

// Each file of a suite's cache in turn: empty, cut, one bit turned. The suite
// runs all the same, and to the same numbers.
TEST(Cache, MendsItselfWhateverFileIsDamaged) {
  RunnerOptions options;
  options.places.data_root = TinyDataRoot();
  options.out = FreshFolder("mended");
  options.jobs = 1;
  options.threads = 1;
  options.progress = ProgressStyle::kQuiet;
  Json json = TinySuiteJson();
  json["datasets"] = {json["datasets"][0]};
  json["methods"] = {"kd"};
  const Suite suite = ParseSuite(json, "tiny");
  const auto scores = [&] {
    fs::remove_all(options.out / "hateful_memes");
    const SuiteOutcome outcome = RunSuite(suite, options);
    EXPECT_EQ(outcome.failed, 0);
    return ReadJsonFile(
        RecordFile(options.out, "hateful_memes", "kd", 1))["results"]["test"];
  };
  const Json expected = scores();
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(options.out / "cache")) {
    if (entry.path().extension() == ".safetensors") {
      files.push_back(entry.path());
    }
  }
  EXPECT_THAT(files, SizeIs(5));  // three splits' pixels, teacher, its outputs
  for (const fs::path& file : files) {
    const std::string whole = ReadTextFile(file);
    std::string turned = whole;
    turned[whole.size() - 3] = static_cast<char>(turned[whole.size() - 3] ^ 1);
    for (const std::string& bytes :
         {std::string(), whole.substr(0, whole.size() - 1), turned}) {
      std::ofstream(file, std::ios::binary) << bytes;
      EXPECT_EQ(scores(), expected) << file << " of " << bytes.size();
      EXPECT_EQ(ReadTextFile(file), whole) << file << " of " << bytes.size();
    }
  }
}

}  // namespace
}  // namespace msdbench
