#include "reports/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json_file.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

TEST(AtomicFile, ReadersSeeTheOldContentUntilTheNewIsWhole) {
  const Tree tree;
  const fs::path file = tree.root() / "sub/file";
  tree.Write("sub/file", "old");
  {
    AtomicFile out(file);
    out.Write("new ");
    out.Write("content");
    EXPECT_EQ(ReadTextFile(file), "old");
    out.Commit();
  }
  EXPECT_EQ(ReadTextFile(file), "new content");
}

TEST(AtomicFile, LeftWithoutCommitNothingRemains) {
  const Tree tree;
  {
    AtomicFile out(tree.root() / "sub/file");
    out.Write("half");
  }
  EXPECT_TRUE(fs::is_empty(tree.root() / "sub"));
}

TEST(AtomicFile, SaysWhyItCannotBeWritten) {
  const Tree tree;
  tree.Write("file", "in the way");
  const std::string what =
      ErrorOf([&] { AtomicFile out(tree.root() / "file/below"); },
              ExitCode::kRunFailed);
  EXPECT_THAT(what, testing::HasSubstr("cannot be written"));
  // A folder of that name is found when the file is renamed.
  fs::create_directories(tree.root() / "folder/x");
  ErrorOf(
      [&] {
        AtomicFile out(tree.root() / "folder");
        out.Write("x");
        out.Commit();
      },
      ExitCode::kRunFailed);
  EXPECT_EQ(std::distance(fs::directory_iterator(tree.root()),
                          fs::directory_iterator()),
            2);
}

}  // namespace
}  // namespace msdbench
