// What is no regular file, or may not be read, at every place of a data set
// where a file is wanted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "datasets/features/feature_source.h"
#include "datasets/image/stored_image.h"
#include "datasets/miniature/miniature.h"
#include "datasets/verify/render.h"
#include "datasets/verify/verify.h"
#include "tests/datasets/tree.h"
#include "tests/reports/odd_paths.h"

namespace msdbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class OddFiles : public testing::TestWithParam<std::string> {
 protected:
  OddFiles() {
    MiniatureOptions options;
    options.out = tree_.root();
    options.train = 60;
    options.dev = options.test = 12;
    options.image_size = 16;
    MakeMiniature(options, {GetParam()});
    root_ = tree_.root() / GetParam();
  }

  // Every annotation file, and one picture.
  std::vector<fs::path> Files() const {
    std::vector<fs::path> files;
    std::set<std::string> pictures;
    const std::set<std::string> not_read = {"planted.json", "miniature.json"};
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      const std::string name = entry.path().filename().string();
      if (!entry.is_regular_file() || not_read.count(name) > 0) continue;
      // One of each kind where there are many.
      const std::string folder = entry.path().parent_path().string();
      const std::string kind = folder + entry.path().extension().string();
      const bool of_many = folder != root_.string();
      if (of_many && !pictures.insert(kind).second) continue;
      files.push_back(entry.path());
    }
    return files;
  }

  // What loading and verifying say, each in one text.
  std::string LoadProblem() const {
    DatasetOptions options;
    options.root = root_;
    try {
      LoadDataset(GetParam(), options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData);
      return error.what();
    }
    return "";
  }
  std::string VerifyProblem() const {
    std::string text;
    try {
      VerifyOptions options;
      options.format = GetParam();
      options.root = root_;
      options.threads = 1;
      const VerifyReport report = Verify(options);
      EXPECT_FALSE(report.usable());
      text = VerifyText(report);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData);
      text = error.what();
    }
    return text;
  }

  Tree tree_;
  fs::path root_;
};

TEST_P(OddFiles, AFifoIsNamedAndNothingWaits) {
  ASSERT_GE(Files().size(), 4U);
  for (const fs::path& file : Files()) {
    const fs::path aside = tree_.root() / "aside";
    fs::rename(file, aside);
    MakeFifo(file);
    const auto names_it =
        AllOf(HasSubstr(file.filename().string()), HasSubstr("a FIFO"));
    EXPECT_THAT(LoadProblem(), names_it) << file;
    EXPECT_THAT(VerifyProblem(), names_it) << file;
    fs::remove(file);
    fs::rename(aside, file);
  }
  EXPECT_EQ(LoadProblem(), "");
}

TEST_P(OddFiles, ALinkToNothingIsNamed) {
  for (const fs::path& file : Files()) {
    const fs::path aside = tree_.root() / "aside";
    fs::rename(file, aside);
    fs::create_symlink("gone", file);
    const auto names_it =
        AllOf(HasSubstr(file.filename().string()),
              HasSubstr("a link to gone, which is not there"));
    EXPECT_THAT(LoadProblem(), names_it) << file;
    EXPECT_THAT(VerifyProblem(), names_it) << file;
    fs::remove(file);
    fs::rename(aside, file);
  }
}

TEST_P(OddFiles, PermissionIsNotAbsence) {
  for (const fs::path& file : Files()) {
    const fs::perms before = fs::status(file).permissions();
    fs::permissions(file, fs::perms::none);
    {
      const WithoutPrivileges nobody;
      EXPECT_THAT(VerifyProblem(), AllOf(HasSubstr(file.filename().string()),
                                         HasSubstr("Permission denied")))
          << file;
    }
    fs::permissions(file, before);
  }
  std::set<fs::path> folders;
  for (const fs::path& file : Files()) folders.insert(file.parent_path());
  for (const fs::path& folder : folders) {
    const fs::perms before = fs::status(folder).permissions();
    fs::permissions(folder, fs::perms::none);
    {
      const WithoutPrivileges nobody;
      const auto denied =
          AllOf(HasSubstr("Permission denied"), Not(HasSubstr("o such file")));
      EXPECT_THAT(LoadProblem(), denied) << folder;
      EXPECT_THAT(VerifyProblem(), denied) << folder;
    }
    fs::permissions(folder, before);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, OddFiles,
                         testing::Values("hateful_memes", "mm_imdb", "snli_ve",
                                         "vqa_v2"));

TEST(OddStores, AFifoInPlaceOfFeaturesIsNamed) {
  Tree tree;
  MakeFifo(tree.root() / "store.safetensors");
  fs::create_directories(tree.root() / "lmdb");
  MakeFifo(tree.root() / "lmdb/data.mdb");
  fs::create_directories(tree.root() / "npy");
  MakeFifo(tree.root() / "npy/a.npy");
  for (const char* name : {"store.safetensors", "lmdb"}) {
    EXPECT_THAT(ErrorOf([&] { OpenFeatureSource(tree.root() / name); }),
                HasSubstr("a FIFO"));
  }
  const auto source = OpenFeatureSource(tree.root() / "npy");
  ImageFeatures features;
  EXPECT_THAT(ErrorOf([&] { source->Read("a", &features); }),
              HasSubstr("a FIFO"));
  fs::create_directories(tree.root() / "picture.png");
  EXPECT_THAT(ErrorOf([&] { StoredImageSize(tree.root() / "picture.png"); }),
              HasSubstr("is a folder, a picture is wanted"));
}

}  // namespace
}  // namespace msdbench
