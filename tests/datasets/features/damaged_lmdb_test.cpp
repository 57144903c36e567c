// Damaged LMDBs: the library trusts what it maps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/features/feature_source.h"
#include "reports/json_file.h"
#include "tests/datasets/damage.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

// Made by Python's lmdb: one leaf page; a root over two leaves, with keys of
// 301 bytes; a value with pages of its own.
const fs::path kStores = "tests/fuzz/corpus/lmdb";

std::vector<std::string> NamesIn(const std::string& store) {
  if (store != "branches.mdb") return {"a", "b"};
  std::vector<std::string> names;
  for (const char* first : {"a", "b", "c", "d"}) {
    names.push_back(first + std::string(300, 'x'));
  }
  return names;
}

// Opens it, lists it and reads every image that is there or should be. Returns
// how many were read.
int Read(const fs::path& file, const std::vector<std::string>& names) {
  int read = 0;
  const auto data_error = [&](const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kData) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(file.string()));
  };
  try {
    const auto source = OpenFeatureLmdb(file);
    try {
      source->Names();
    } catch (const Error& error) {
      data_error(error);
    }
    for (const std::string& name : names) {
      try {
        ImageFeatures features;
        read += source->Read(name, &features) ? 1 : 0;
      } catch (const Error& error) {
        data_error(error);
      }
    }
  } catch (const Error& error) {
    data_error(error);
  }
  return read;
}

class DamagedLmdb : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!HasLmdb()) GTEST_SKIP() << "built without LMDB";
  }
};

TEST_P(DamagedLmdb, IsReadOrRefused) {
  const Tree tree;
  const fs::path copy = tree.root() / "copy.mdb";
  const std::string whole = ReadTextFile(kStores / GetParam());
  const std::vector<std::string> names = NamesIn(GetParam());
  const auto all = static_cast<int>(names.size());
  tree.Write("copy.mdb", whole);
  EXPECT_EQ(Read(copy, names), all);
  constexpr std::size_t kPage = 4096;
  constexpr int kCopies = 120;
  int damaged = 0;
  for (int number = 0; number < kCopies; ++number) {
    SCOPED_TRACE(number);
    tree.Write("copy.mdb", Damaged(whole, number, kPage));
    damaged += Read(copy, names) < all ? 1 : 0;
  }
  EXPECT_GT(damaged, kCopies / 10);
}

TEST_P(DamagedLmdb, CutIsRefused) {
  const Tree tree;
  const std::string whole = ReadTextFile(kStores / GetParam());
  for (std::size_t size = 0; size < whole.size(); size += 311) {
    tree.Write("cut.mdb", whole.substr(0, size));
    EXPECT_EQ(Read(tree.root() / "cut.mdb", NamesIn(GetParam())), 0) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, DamagedLmdb,
                         testing::Values("one_page.mdb", "branches.mdb",
                                         "overflow.mdb"),
                         [](const auto& store) {
                           return fs::path(store.param).stem().string();
                         });

}  // namespace
}  // namespace msdbench
