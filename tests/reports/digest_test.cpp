#include "reports/digest.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

// The examples of FIPS 180-2, appendix B, and the empty message.
constexpr char kEmpty[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char kAbc[] =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kTwoBlocks[] =
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
constexpr char kMillionA[] =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Digest, KnownTexts) {
  EXPECT_EQ(Sha256OfText(""), kEmpty);
  EXPECT_EQ(Sha256OfText("abc"), kAbc);
  EXPECT_EQ(
      Sha256OfText("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
      kTwoBlocks);
}

TEST(Digest, PartsGiveTheHashOfTheWhole) {
  Sha256 digest;
  digest.Update("a").Update("").Update("bc");
  EXPECT_EQ(digest.Hex(), kAbc);
}

TEST(Digest, FileLongerThanOneBuffer) {
  const TestFolder folder;
  // The known million, three times over: more than one read of 1 MiB.
  std::ofstream(folder / "a", std::ios::binary) << std::string(1000000, 'a');
  std::ofstream(folder / "aaa", std::ios::binary) << std::string(3000000, 'a');
  EXPECT_EQ(Sha256OfFile(folder / "a"), kMillionA);
  EXPECT_EQ(Sha256OfFile(folder / "aaa"),
            Sha256OfText(std::string(3000000, 'a')));
}

TEST(Digest, UnreadableFilesAreNamed) {
  const TestFolder folder;
  EXPECT_EQ(ErrorOf([&] { Sha256OfFile(folder / "none"); }),
            (folder / "none").string() +
                ": cannot be read: No such file or directory");
  EXPECT_EQ(ErrorOf([&] { Sha256OfFile(folder.path()); }),
            folder.path().string() +
                ": cannot be read: it is a folder, a regular file is wanted");
}

}  // namespace
}  // namespace msdbench
