#include "reports/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <functional>
#include <string>

#include "reports/digest.h"
#include "reports/json_file.h"
#include "reports/safetensors.h"
#include "tests/reports/odd_paths.h"
#include "tests/reports/test_folder.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(InputFile, ReadsAllBytesThroughLinks) {
  const TestFolder folder;
  const std::string text(100'000, 'x');
  WriteFileAtomically(folder / "file", text);
  fs::create_symlink(folder / "file", folder / "link");
  EXPECT_EQ(ReadTextFile(folder / "link"), text);
  InputFile file(folder / "link");
  EXPECT_EQ(file.size(), text.size());
  InputStream stream(folder / "file");
  std::string line;
  std::getline(stream, line);
  EXPECT_EQ(line, text);
  EXPECT_FALSE(stream.bad());
}

struct OddPath {
  const char* name;
  std::string reason;
};

// What stands at each path of `folder`, made here, and what is said of it.
std::vector<OddPath> OddPaths(const TestFolder& folder) {
  WriteFileAtomically(folder / "file", "{}");
  fs::create_directory(folder / "folder");
  MakeFifo(folder / "fifo");
  fs::create_symlink("fifo", folder / "to_fifo");
  fs::create_symlink("gone", folder / "broken");
  fs::create_symlink("circle", folder / "circle");
  const int handle = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // Paths of sockets are short: bound from within the folder.
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  std::strcpy(address.sun_path, "socket");
  EXPECT_EQ(
      bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address),
      0);
  fs::current_path(before);
  close(handle);
  fs::create_symlink("/dev/zero", folder / "device");
  return {{"none", "No such file or directory"},
          {"folder", "it is a folder, a regular file is wanted"},
          {"fifo", "it is a FIFO, a regular file is wanted"},
          {"to_fifo", "it is a FIFO, a regular file is wanted"},
          {"socket", "it is a socket, a regular file is wanted"},
          {"device", "it is a device, a regular file is wanted"},
          {"file/below", "Not a directory"},
          {"broken", "it is a link to gone, which is not there"},
          {"circle", "Too many levels of symbolic links"}};
}

TEST(InputFile, SaysWhyEveryReaderRefuses) {
  const TestFolder folder;
  for (const OddPath& odd : OddPaths(folder)) {
    const fs::path path = folder / odd.name;
    const std::string wanted =
        path.string() + ": cannot be read: " + odd.reason;
    const std::vector<std::function<void()>> readers = {
        [&] { InputFile file(path); }, [&] { InputStream stream(path); },
        [&] { ReadTextFile(path); },   [&] { ReadJsonFile(path); },
        [&] { Sha256OfFile(path); },   [&] { SafetensorsFile file(path); }};
    for (const auto& reader : readers) EXPECT_EQ(ErrorOf(reader), wanted);
  }
}

TEST(InputFile, SaysWhatStandsWhereNothingIsRead) {
  const TestFolder folder;
  const auto paths = OddPaths(folder);
  EXPECT_TRUE(IsFile(folder / "file"));
  EXPECT_TRUE(IsFolder(folder / "folder"));
  EXPECT_FALSE(IsThere(folder / "none"));
  EXPECT_FALSE(IsThere(folder / "file/below"));
  for (const char* name :
       {"fifo", "to_fifo", "socket", "device", "broken", "circle"}) {
    EXPECT_THAT(ErrorOf([&] { IsThere(folder / name); }),
                HasSubstr((folder / name).string() + ": "));
  }
  EXPECT_THAT(ErrorOf([&] { KindOf(folder / "fifo"); }), HasSubstr("a FIFO"));
  EXPECT_NO_THROW(RequireFolder(folder / "folder"));
  EXPECT_EQ(ErrorOf([&] { RequireFolder(folder / "file"); }),
            (folder / "file").string() +
                ": cannot be read: it is a file, a folder is wanted");
  EXPECT_EQ(ErrorOf([&] { RequireFolder(folder / "none"); }),
            (folder / "none").string() +
                ": cannot be read: No such file or directory");
}

TEST(InputFile, PermissionIsNotAbsence) {
  const TestFolder folder;
  fs::create_directories(folder / "closed");
  WriteFileAtomically(folder / "closed/file", "{}");
  WriteFileAtomically(folder / "secret", "{}");
  fs::permissions(folder / "secret", fs::perms::none);
  fs::permissions(folder / "closed", fs::perms::none);
  {
    const WithoutPrivileges nobody;
    for (const char* name : {"secret", "closed/file"}) {
      const std::string path = (folder / name).string();
      EXPECT_EQ(ErrorOf([&] { ReadTextFile(path); }),
                path + ": cannot be read: Permission denied");
      EXPECT_EQ(ErrorOf([&] { Sha256OfFile(path); }),
                path + ": cannot be read: Permission denied");
    }
    EXPECT_EQ(ErrorOf([&] { IsThere(folder / "closed/file"); }),
              (folder / "closed/file").string() + ": Permission denied");
    EXPECT_EQ(
        ErrorOf([&] { RequireFolder(folder / "closed"); }),
        (folder / "closed").string() + ": cannot be read: Permission denied");
  }
  fs::permissions(folder / "closed", fs::perms::owner_all);
}

TEST(InputFile, APipeThatIsOpenAlreadyIsRead) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "[1, 2]", 6), 6);
  close(ends[1]);
  const std::string path = "/dev/fd/" + std::to_string(ends[0]);
  EXPECT_TRUE(IsFile(path));
  EXPECT_EQ(ReadJsonFile(path).dump(), "[1,2]");
  close(ends[0]);
}

TEST(AtomicFile, TakesNoOtherThingsPlace) {
  const TestFolder folder;
  const auto paths = OddPaths(folder);
  for (const char* name : {"fifo", "socket", "device", "folder"}) {
    EXPECT_THAT(ErrorOf([&] { WriteFileAtomically(folder / name, ""); }),
                HasSubstr((folder / name).string() + ": cannot be written: "));
    EXPECT_FALSE(fs::is_regular_file(folder / name)) << name;
  }
}

}  // namespace
}  // namespace msdbench
