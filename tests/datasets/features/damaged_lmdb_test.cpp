// Damaged LMDBs: the library trusts what it maps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/features/feature_source.h"
#include "reports/json_file.h"
#include "tests/datasets/damage.h"
#include "tests/datasets/tree.h"
#ifdef MSDBENCH_LMDB
#include <lmdb.h>
#endif

namespace msdbench {
namespace {

namespace fs = std::filesystem;

const fs::path kEntry = "tests/datasets/features/files/entry_protocol2.pickle";

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

#ifdef MSDBENCH_LMDB

// An LMDB of `images` entries; `padding` bytes behind each pickle, which no one
// reads.
std::string Store(const Tree& tree, int images, std::size_t padding,
                  std::vector<std::string>* names) {
  const std::string pickle = ReadTextFile(kEntry) + std::string(padding, 'x');
  const std::string file = tree.Path("made.mdb");
  MDB_env* environment = nullptr;
  EXPECT_EQ(mdb_env_create(&environment), 0);
  EXPECT_EQ(mdb_env_set_mapsize(environment, std::size_t{1} << 24), 0);
  EXPECT_EQ(
      mdb_env_open(environment, file.c_str(), MDB_NOSUBDIR | MDB_NOLOCK, 0644),
      0);
  MDB_txn* transaction = nullptr;
  EXPECT_EQ(mdb_txn_begin(environment, nullptr, 0, &transaction), 0);
  MDB_dbi table = 0;
  EXPECT_EQ(mdb_dbi_open(transaction, nullptr, 0, &table), 0);
  for (int i = 0; i < images; ++i) {
    names->push_back("image" + std::to_string(1000 + i));
    MDB_val key = {names->back().size(), names->back().data()};
    MDB_val value = {pickle.size(), const_cast<char*>(pickle.data())};
    EXPECT_EQ(mdb_put(transaction, table, &key, &value, 0), 0);
  }
  EXPECT_EQ(mdb_txn_commit(transaction), 0);
  mdb_env_close(environment);
  return ReadTextFile(file);
}

void ReadDamagedCopies(const Tree& tree, const std::string& whole,
                       const std::vector<std::string>& names, int copies) {
  constexpr std::size_t kPage = 4096;
  const auto all = static_cast<int>(names.size());
  tree.Write("whole.mdb", whole);
  EXPECT_EQ(Read(tree.root() / "whole.mdb", names), all);
  int damaged = 0;
  for (int number = 0; number < copies; ++number) {
    SCOPED_TRACE(number);
    tree.Write("copy.mdb", Damaged(whole, number, kPage));
    damaged += Read(tree.root() / "copy.mdb", names) < all ? 1 : 0;
  }
  EXPECT_GT(damaged, copies / 10);
}

TEST(DamagedLmdb, OfOnePageIsReadOrRefused) {
  const Tree tree;
  std::vector<std::string> names;
  const std::string whole = Store(tree, 3, 0, &names);
  ReadDamagedCopies(tree, whole, names, 150);
}

TEST(DamagedLmdb, OfManyPagesIsReadOrRefused) {
  const Tree tree;
  std::vector<std::string> names;
  const std::string whole = Store(tree, 60, 0, &names);
  ReadDamagedCopies(tree, whole, names, 150);
}

TEST(DamagedLmdb, WithValuesOfManyPagesIsReadOrRefused) {
  const Tree tree;
  std::vector<std::string> names;
  const std::string whole = Store(tree, 4, 9000, &names);
  ReadDamagedCopies(tree, whole, names, 150);
}

#endif  // MSDBENCH_LMDB

TEST(DamagedLmdb, EveryCutIsRefused) {
  if (!HasLmdb()) GTEST_SKIP() << "built without LMDB";
  const Tree tree;
  const std::string whole =
      ReadTextFile("tests/datasets/features/files/regions.lmdb/data.mdb");
  for (std::size_t size = 0; size < whole.size(); size += 311) {
    tree.Write("cut.mdb", whole.substr(0, size));
    EXPECT_EQ(Read(tree.root() / "cut.mdb", {"a"}), 0) << size;
  }
}

}  // namespace
}  // namespace msdbench
