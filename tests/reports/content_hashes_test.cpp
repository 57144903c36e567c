#include "reports/content_hashes.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <functional>
#include <thread>

#include "reports/digest.h"
#include "reports/error.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

void Write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

// What was written long enough ago to be remembered.
void LetSettle() { std::this_thread::sleep_for(std::chrono::seconds(4)); }

class ContentHashesTest : public testing::Test {
 protected:
  // Files whose contents had to be read.
  std::size_t Read(const std::vector<fs::path>& files,
                   std::vector<std::string>* hashes = nullptr) {
    std::size_t read = 0;
    ContentHashes::Options options;
    options.memo = folder_.path() / "memo" / "hashes.txt";
    options.threads = 2;
    options.progress = [&](std::size_t count, double) { read = count; };
    ContentHashes all(options);
    const auto found = all.Of(files);
    if (hashes != nullptr) *hashes = found;
    all.Save();
    return read;
  }

  TestFolder folder_;
  fs::path one_ = folder_.path() / "one.png", two_ = folder_.path() / "two.png";
};

TEST_F(ContentHashesTest, ReadsEachFileOnceAndSeesEveryChange) {
  Write(one_, "first");
  Write(two_, "second");
  LetSettle();
  std::vector<std::string> hashes;
  EXPECT_EQ(Read({two_, one_}, &hashes), 2);
  EXPECT_THAT(hashes, testing::ElementsAre(Sha256OfText("second"),
                                           Sha256OfText("first")));
  EXPECT_EQ(Read({one_, two_}, &hashes), 0);
  EXPECT_THAT(hashes, testing::ElementsAre(Sha256OfText("first"),
                                           Sha256OfText("second")));

  // As many bytes, and the time of writing put back.
  struct stat before {};
  ASSERT_EQ(stat(one_.c_str(), &before), 0);
  Write(one_, "other");
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(utimensat(AT_FDCWD, one_.c_str(), times, 0), 0);
  EXPECT_EQ(Read({one_, two_}, &hashes), 1);
  EXPECT_EQ(hashes[0], Sha256OfText("other"));

  // Another file under that name, with the same times.
  Write(folder_.path() / "new.png", "third!");
  ASSERT_EQ(stat(two_.c_str(), &before), 0);
  const timespec old[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(utimensat(AT_FDCWD, (folder_.path() / "new.png").c_str(), old, 0),
            0);
  fs::rename(folder_.path() / "new.png", two_);
  EXPECT_EQ(Read({two_}, &hashes), 1);
  EXPECT_EQ(hashes[0], Sha256OfText("third!"));
}

TEST_F(ContentHashesTest, WhatWasJustWrittenIsNotRemembered) {
  Write(one_, "first");
  timespec times[2] = {};
  times[0].tv_sec = times[1].tv_sec = std::time(nullptr) + 3600;
  ASSERT_EQ(utimensat(AT_FDCWD, one_.c_str(), times, 0), 0);
  EXPECT_EQ(Read({one_}), 1);
  EXPECT_EQ(Read({one_}), 1);
}

TEST_F(ContentHashesTest, ADamagedMemoIsBegunAnew) {
  Write(one_, "first");
  LetSettle();
  Read({one_});
  for (const char* text : {"", "of another program\n", "msdbench content"}) {
    Write(folder_.path() / "memo" / "hashes.txt", text);
    std::vector<std::string> hashes;
    EXPECT_EQ(Read({one_}, &hashes), 1) << text;
    EXPECT_EQ(hashes[0], Sha256OfText("first"));
    EXPECT_EQ(Read({one_}), 0) << text;
  }
}

// Opening a FIFO that nobody writes to waits for ever.
TEST_F(ContentHashesTest, WhatIsNoFileInTheMemosPlaceIsRemoved) {
  const fs::path memo = folder_.path() / "memo" / "hashes.txt";
  Write(one_, "first");
  LetSettle();
  fs::create_directories(memo.parent_path());
  ASSERT_EQ(mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
  const std::vector<std::function<void()>> places = {
      [&] { ASSERT_EQ(mkfifo(memo.c_str(), 0600), 0); },
      [&] { fs::create_symlink(folder_.path() / "fifo", memo); },
      [&] { fs::create_directory(memo); }};
  for (std::size_t i = 0; i < places.size(); ++i) {
    SCOPED_TRACE(i);
    fs::remove(memo);
    places[i]();
    EXPECT_EQ(Read({one_}), 1);
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(memo)));
    EXPECT_EQ(Read({one_}), 0);
  }
  EXPECT_TRUE(fs::is_fifo(folder_.path() / "fifo"));
  // A folder of somebody's stays; the hashes are right without a memo.
  fs::remove(memo);
  fs::create_directory(memo);
  Write(memo / "mine", "x");
  std::vector<std::string> hashes;
  EXPECT_EQ(Read({one_}, &hashes), 1);
  EXPECT_EQ(hashes[0], Sha256OfText("first"));
  EXPECT_TRUE(fs::exists(memo / "mine"));
}

TEST_F(ContentHashesTest, AMissingFileIsNamed) {
  try {
    Read({folder_.path() / "gone.png"});
    FAIL() << "hashed a file that is not there";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("gone.png"));
  }
}

}  // namespace
}  // namespace msdbench
