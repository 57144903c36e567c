// Damaged HDF5 files, on some of which the library crashes or hangs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "datasets/hdf5/hdf5_file.h"
#include "datasets/image/image.h"
#include "datasets/mm_imdb_files.h"
#include "reports/json_file.h"
#include "tests/datasets/damage.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtures = "tests/datasets/fixtures/mm_imdb_hdf5";

class DamagedHdf5 : public testing::TestWithParam<const char*> {};

// Nothing but an Error may come of it; what is read, is read whole.
TEST_P(DamagedHdf5, IsReadOrRefused) {
  if (!HasHdf5()) GTEST_SKIP() << "built without HDF5";
  const Tree tree;
  fs::copy_file(kFixtures / kMmImdbWords, tree.root() / kMmImdbWords);
  const std::string whole = ReadTextFile(kFixtures / GetParam());
  const fs::path file = tree.root() / kMmImdbHdf5;
  const auto start = fs::file_time_type::clock::now();
  int refused = 0, loaded = 0;
  constexpr int kCopies = 100;
  for (int number = 0; number < kCopies; ++number) {
    SCOPED_TRACE(number);
    tree.Write(kMmImdbHdf5, Damaged(whole, number, 96));
    // Another file for who keeps it open.
    fs::last_write_time(file, start - std::chrono::hours(number));
    try {
      const Dataset data = LoadDataset("mm_imdb", tree.Options());
      ++loaded;
      for (const Split* split : {&data.train, &data.dev, &data.test}) {
        for (const Example& example : split->examples) {
          EXPECT_FALSE(ReadImage(example.image).rgb.empty());
        }
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData) << error.what();
      EXPECT_THAT(error.what(), testing::HasSubstr(file.string()));
      ++refused;
    }
  }
  EXPECT_GT(refused, kCopies / 10);
  EXPECT_LE(loaded, kCopies * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(Files, DamagedHdf5,
                         testing::Values("multimodal_imdb.hdf5", "damaged.hdf5",
                                         "newer.hdf5"),
                         [](const auto& file) {
                           return fs::path(file.param).stem().string();
                         });

}  // namespace
}  // namespace msdbench
